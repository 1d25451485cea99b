/** A real row as the API returns it. Generated requests draw their values from such rows. */
export interface Row {
  id: number;
  first_name: string;
  last_name: string;
  gender: string;
  customer_id: string;
  phone_number: string | null;
  created: string;
  birthday: string | null;
  last_updated: string;
  address: {
    country: string;
    city: string;
    city_code: string;
    street: string | null;
    street_number: string | null;
  } | null;
  relationship: { points: number; last_activity: string | null } | null;
}

/** Never empty. The same data gives the same rows in the same order. */
export type Vocabulary = readonly Row[];

/** Any HTTP client with the signature of `fetch`; a test passes `app.handle` instead of using the network. */
export type Fetch = (request: Request) => Promise<Response>;

const texts = ['first_name', 'last_name', 'customer_id', 'city', 'country'];

/**
 * Reads about `rows` customers from the server at `base` (no trailing slash): half by ids spread over all data, half from
 * both ends of each text order, where the rare characters are. It uses HTTP, so that a remote server whose database
 * cannot be reached can be tested too.
 */
export async function readVocabulary(base: string, rows = 1_000, send: Fetch = fetch): Promise<Vocabulary> {
  const sample = new Map<number, Row>();
  async function ask<T>(path: string, allowed = [200]): Promise<T | null> {
    const url = `${base}/api/v1/customers${path}`;
    const answer = await send(new Request(url)).catch((error: Error) => {
      throw new Error(`${base} does not answer: is a server running there? (${error.message})`);
    });
    if (!allowed.includes(answer.status))
      throw new Error(`${url} answered ${answer.status}, expected 200: is this the right server?`);
    return answer.status === 200 ? ((await answer.json()) as T) : null;
  }
  const list = async (query: string) => (await ask<{ count: number; results: Row[] }>(`?${query}`))!;

  const { count } = await list('page_size=1&count=exact');
  if (count === 0) throw new Error(`${base} has no customers: fill it with "npm run seed"`);
  const step = Math.max(1, Math.floor(count / (rows / 2)));
  for (let id = 1; id <= count; id += step) {
    // An id may be missing: customers are deleted, and failed writes consume ids.
    const row = await ask<Row>(`/${id}`, [200, 404]);
    if (row) sample.set(row.id, row);
  }
  const size = Math.min(100, Math.ceil(rows / 4 / texts.length));
  for (const sort of texts) {
    for (const ordering of ['ascending', 'descending']) {
      const { results } = await list(`sort_by=${sort}&ordering=${ordering}&page_size=${size}&count=none`);
      for (const row of results) sample.set(row.id, row);
    }
  }
  return [...sample.values()];
}
