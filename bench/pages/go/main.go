// The page of twenty in idiomatic Go: net/http, pgx, rows to structs to JSON. It reads the same rows as the optimized
// server, from the same table by the same index, over at most 16 connections.
//
//	PGHOST=... PGDATABASE=... customers-go     prints its address
//
// /rows builds each answer from columns. Its parameters created and id are the position after which the page begins.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

const size = 20

type address struct {
	Country      string  `json:"country"`
	City         string  `json:"city"`
	CityCode     string  `json:"city_code"`
	Street       *string `json:"street"`
	StreetNumber *string `json:"street_number"`
}

type relationship struct {
	Points       int     `json:"points"`
	LastActivity *string `json:"last_activity"`
}

type customer struct {
	ID           int64         `json:"id"`
	FirstName    string        `json:"first_name"`
	LastName     string        `json:"last_name"`
	Gender       string        `json:"gender"`
	CustomerID   string        `json:"customer_id"`
	PhoneNumber  *string       `json:"phone_number"`
	Created      string        `json:"created"`
	Birthday     *string       `json:"birthday"`
	LastUpdated  string        `json:"last_updated"`
	Address      *address      `json:"address"`
	Relationship *relationship `json:"relationship"`
}

type page struct {
	Count   *int       `json:"count"`
	Next    *string    `json:"next"`
	Results []customer `json:"results"`
}

const columns = `select id, first_name, last_name, gender, customer_id, phone_number, created, birthday, last_updated,
	country, city, city_code, street, street_number, points, last_activity from customer_list`
const from = ` where (created, id) < ($2, $3)`
const order = ` order by created desc, id desc limit $1`

func main() {
	config, err := pgxpool.ParseConfig("")
	if err != nil {
		log.Fatal(err)
	}
	config.MaxConns = 16
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("GET /rows", handled(func(r *http.Request, place []any) ([]byte, error) {
		return readRows(r, pool, place)
	}))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}

func handled(read func(*http.Request, []any) ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		place, err := placeOf(r.URL.Query())
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		body, err := read(r, place)
		if err != nil {
			log.Print(err)
			http.Error(w, "the database did not answer", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body)
	}
}

// placeOf returns the position after which the page begins; nil for the first page.
func placeOf(query url.Values) ([]any, error) {
	if !query.Has("created") {
		return nil, nil
	}
	created, err := time.Parse(time.RFC3339, query.Get("created"))
	if err != nil {
		return nil, err
	}
	id, err := strconv.ParseInt(query.Get("id"), 10, 64)
	return []any{created, id}, err
}

func where(place []any) string {
	if place == nil {
		return ""
	}
	return from
}

func readRows(r *http.Request, pool *pgxpool.Pool, place []any) ([]byte, error) {
	// One row more than the page holds shows whether there is a next page.
	rows, err := pool.Query(r.Context(), columns+where(place)+order, append([]any{size + 1}, place...)...)
	if err != nil {
		return nil, err
	}
	customers, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, err
	}
	answer := page{Results: customers}
	if len(customers) > size {
		answer.Results = customers[:size]
		last := customers[size-1]
		next := fmt.Sprintf("http://%s/rows?created=%s&id=%d", r.Host, url.QueryEscape(last.Created), last.ID)
		answer.Next = &next
	}
	return json.Marshal(answer)
}

func scan(row pgx.CollectableRow) (customer, error) {
	var c customer
	var created, lastUpdated time.Time
	var birthday pgtype.Date
	var country, city, cityCode, street, streetNumber *string
	var points *int
	var lastActivity *time.Time
	err := row.Scan(&c.ID, &c.FirstName, &c.LastName, &c.Gender, &c.CustomerID, &c.PhoneNumber, &created, &birthday,
		&lastUpdated, &country, &city, &cityCode, &street, &streetNumber, &points, &lastActivity)
	if err != nil {
		return c, err
	}
	c.Created, c.LastUpdated = instant(created), instant(lastUpdated)
	if birthday.Valid {
		day := birthday.Time.Format(time.DateOnly)
		c.Birthday = &day
	}
	if country != nil {
		c.Address = &address{*country, *city, *cityCode, street, streetNumber}
	}
	if points != nil {
		c.Relationship = &relationship{Points: *points}
		if lastActivity != nil {
			active := instant(*lastActivity)
			c.Relationship.LastActivity = &active
		}
	}
	return c, nil
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
