/** What the generated requests draw their values from: real rows, as the API itself shows them. */
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

/** Any HTTP client with the signature of `fetch`: a test hands in `app.handle` instead of the network. */
export type Fetch = (request: Request) => Promise<Response>;

/**
 * Reads `rows` customers from the server at `base` (no slash at its end). They come ordered by `customer_id`,
 * random hex digits in seeded data: a sample without a bias for old, new or neighbouring rows. Over HTTP, so
 * that a server elsewhere, whose database cannot be reached, can be tested as well.
 */
export async function readVocabulary(base: string, rows = 300, send: Fetch = fetch): Promise<Vocabulary> {
  const sample: Row[] = [];
  for (let page = 1; sample.length < rows; page++) {
    const url = `${base}/api/v1/customers?sort_by=customer_id&page_size=100&count=none&page=${page}`;
    const answer = await send(new Request(url)).catch((error: Error) => {
      throw new Error(`${base} does not answer: is a server running there? (${error.message})`);
    });
    if (answer.status !== 200)
      throw new Error(`${url} answered ${answer.status}, expected 200: is this the right server?`);
    const { results } = (await answer.json()) as { results: Row[] };
    sample.push(...results);
    if (results.length < 100) break;
  }
  if (sample.length === 0) throw new Error(`${base} has no customers: fill it with "npm run seed"`);
  return sample.slice(0, rows);
}
