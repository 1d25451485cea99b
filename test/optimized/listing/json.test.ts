import { expect, setDefaultTimeout, test } from 'bun:test';
import { cut, renderer, textOf } from '../../../src/optimized/listing/json.ts';
import { listing } from '../../../src/optimized/listing/listing.ts';
import { oddText } from '../../../src/seed/odd-texts.ts';
import { random } from '../../../src/seed/random.ts';
import { cluster } from '../../cluster.ts';

setDefaultTimeout(120_000);

const things = listing({
  table: 'thing',
  columns: {
    made: { type: 'timestamptz' },
    size: { type: 'integer' },
    born: { type: 'date' },
    title: { type: 'text' },
    note: { type: 'text' },
  },
  sorts: { made: ['made'] },
  sortedBy: 'made',
  numbers: [],
});
const render = renderer(things, ['id', 'title', { about: ['size', 'made', { more: ['note', 'born'] }] }]);

const chance = random(2026);
const ascii = Array.from({ length: 127 }, (_, i) => String.fromCharCode(i + 1));
const texts = [
  ...ascii,
  ...ascii.map((one) => `\\${one}"`),
  ...[
    '',
    'null',
    'null,null',
    '","',
    '",null,"',
    '"],["',
    '\\',
    '\\\\',
    '\\"',
    '\\\\"',
    '"\\',
    '"',
    '""',
    '[',
    ']',
  ],
  ...['\u007f', '\u0085', '\u2028', '\u2029', '\ufeff', '\uffff', '😀', 'e\u0301', '\\u0041', '\\n'],
  ...Array.from({ length: 500 }, () => oddText(chance, 60)),
];

test('rows are rendered as JSON.stringify renders them, whatever PostgreSQL has to escape', async () => {
  const { admin } = await cluster();
  const rows: (string | null)[][] = texts.map((text, i) => [
    ...[`${i}`, i % 2 ? null : '2024-02-03 04:05:06.5+00', i % 3 ? `${i - 20}` : null, '2024-02-29'],
    ...[text, i % 5 ? texts[(i * 7) % texts.length]! : null],
  ]);
  const [found] = await admin<{ bodies: string }[]>`
    select string_agg(array_to_json(array(select json_array_elements_text(row)))::text, ',' order by place) as bodies
    from json_array_elements(${JSON.stringify(rows)}::text::json) with ordinality rows (row, place)`;
  const read = cut(found!.bodies);
  expect(read.map((row) => row.map(textOf))).toEqual(rows);
  const expected = rows.map(([id, made, size, born, title, note]) => {
    const more = note === null ? null : { note, born };
    const about =
      size === null ? null : { size: Number(size), made: made && '2024-02-03T04:05:06.500000Z', more };
    return JSON.stringify({ id: Number(id), title, about });
  });
  expect(read.map(render)).toEqual(expected);
});

test('no rows are cut from nothing, and a row that ends within a value is an error', () => {
  expect(cut('')).toEqual([]);
  expect(() => cut('["1","ab')).toThrow('ends within a value');
});
