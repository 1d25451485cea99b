import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { Problem } from '../../../src/contract/problem.ts';
import { decodeCursor, encodeCursor, type Position } from '../../../src/optimized/listing/cursor.ts';

const text = fc.string({ unit: 'binary' }).filter((one) => one.isWellFormed() && !one.includes('\0'));
const integer = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const position: fc.Arbitrary<Position> = fc.record({
  key: fc.array(fc.oneof(text, integer, fc.constant(null)), {
    minLength: 1,
    maxLength: 2,
  }),
  id: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  backwards: fc.boolean(),
  inclusive: fc.boolean(),
});
const list = fc.string({ unit: 'binary' });
const types = ({ key }: Position) => key.map((value) => (typeof value === 'number' ? 'integer' : 'text'));

const refusal = (name: string, cursor: string): Problem => {
  try {
    decodeCursor(name, cursor, ['text']);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error(`${cursor} was taken`);
};

describe('a cursor', () => {
  test('decodes to its position', () => {
    fc.assert(
      fc.property(list, position, (name, place) => {
        expect(decodeCursor(name, encodeCursor(name, place), types(place))).toEqual(place);
      }),
    );
  });

  test('needs no encoding in a URL', () => {
    fc.assert(
      fc.property(list, position, (name, place) => {
        expect(encodeCursor(name, place)).toMatch(/^[\w.~-]+$/);
      }),
    );
  });

  test('made for another list is refused with 422', () => {
    fc.assert(
      fc.property(list, list, position, (name, other, place) => {
        fc.pre(name !== other);
        expect(refusal(other, encodeCursor(name, place)).status).toBe(422);
      }),
    );
  });

  test('that was changed anywhere is refused', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
    fc.assert(
      fc.property(list, position, fc.nat(), fc.nat(alphabet.length - 1), (name, place, where, what) => {
        const cursor = encodeCursor(name, place);
        const i = where % cursor.length;
        const changed = cursor.slice(0, i) + alphabet[what] + cursor.slice(i + 1);
        fc.pre(changed !== cursor);
        expect(refusal(name, changed).status).toBe(422);
        expect(refusal(name, cursor.slice(0, i)).status).toBe(422);
        expect(refusal(name, cursor + alphabet[what]).status).toBe(422);
      }),
    );
  });

  test('with a key of another type is refused, even with a correct checksum', () => {
    const place = { id: 1, backwards: false, inclusive: false };
    const wrong = [
      ['text', 5],
      ['text', 'a\0'],
      ['integer', '5'],
      ['integer', 2 ** 40],
      ['date', 'yesterday'],
      ['timestamptz', 'now'],
      ['real', 'NaN'],
      ['text', ['a']],
      ['text', { toString: 'x' }],
    ] as const;
    for (const [type, value] of wrong) {
      const cursor = encodeCursor('list', { ...place, key: [value as never] });
      expect(() => decodeCursor('list', cursor, [type])).toThrow(Problem);
    }
    expect(() => decodeCursor('list', encodeCursor('list', { ...place, key: ['a', 'b'] }), ['text'])).toThrow(
      Problem,
    );
  });

  test('with any other text is refused with a hint at where cursors come from', () => {
    fc.assert(fc.property(list, fc.string(), (name, text) => void refusal(name, text)));
    for (const text of ['.', '..', 'null', 'W10.', 'e30.0', '\0', '😀']) {
      const { status, extra } = refusal('list', text);
      expect(status).toBe(422);
      expect(extra.errors).toEqual([
        { parameter: 'cursor', message: expect.stringContaining('next or previous') },
      ]);
    }
  });
});
