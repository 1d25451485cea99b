import { pick, type Random } from './random.ts';

// Texts on which case folding, escaping, parsing, sorting or character counting have failed somewhere. None contains a
// NUL or half of a surrogate pair: PostgreSQL and the contract refuse those.

/** The fragments of texts: those without a space, group by group. */
const spaceless = `
  İ ı İstanbul ẞ ß STRASSE ſ Wirtſchaft Σίσυφος ΣΑΣ ς ΐ ŉ ǰ Ǆ ǅ ﬁ ﬃ ﬅ \u212a \u212b \u2126 µ ϐ ꞵ Ꭰ ꭰ ა Ა Ⱥ ⱥ 𐐀 𐐨 ⅷ Ⓐ ⓐ
  é e\u0301 ñ n\u0303 a\u0328\u0301\u0307 \u0301 Z\u0351\u036b\u0343\u035b 가 \u1100\u1161 क्षि ไทย ཧཱུྃ
  １２３ ٣٤ ४५ ² ½ Ⅻ ① 𝟗 0 00 -1 1e5 1E-5 0x1F 1.5 1,5 .5 +49 1990-05-20 0001-01-01 12:30 NaN Infinity null NULL true
  a\tb a\u00a0b a\u2003b a\u3000b a\u200bb \ufeff a\u00adb a\u2028b a\u0085b a\u0001b a\u001fb a\u007fb \u200d \u2060 \u1160
  𠮷 \uf900 𝒜𝓃𝓃𝒶 \ue000 \u{f0000} \u{10ffff} \ufffd \uffff 😀 👍🏽 👩‍👩‍👧 🏳️‍🌈 🇩🇪 1️⃣ ☎️ می\u200cخواهم
  שלום مرحبا אa1 \u202eabc\u202c \u2067ab\u2069 ﷺ
  ' '' " "" \` \\ \\\\ \\N \\. \\n \\u0041 % %% _ %41 %zz &amp; <b>x</b> <!-- O'Neil /* */ $1 \${x} {{x}} $$ {"a":1} [1]
  a|b a?b a#b a=b a+b (a) .* ^$ @ ~ … – ’ «x» ¿ €
  or OR oreo and not -x --x !x & | ! :* a:* (or <-> <2> a-b-c a.b a/b http://a.de/b?c=d a@b.de x.y.z /usr/bin the d'Or æ
`;
const fragments = [
  ...spaceless.split(/[ \n]+/).filter((text) => text !== ''),
  ...[' ', '  ', '\n', 'a\nb', 'a\r\nb', '12 34', 'a & b', '"a b"', '-"a b"', "'; drop table customer; --"],
];

const glue = ['', '', ' ', ' ', '-', '\u00a0', '\t', '\n', '\u200d', "'", '\\', '%', '_', ', '];

/** Every character of the fragments: each is also a text on its own. */
const single = [...new Set(fragments.flatMap((text) => [...text]))];

/** An odd text of 1 to `limit` characters (code points): one character, the full length, or mostly some fragments. */
export function oddText(chance: Random, limit: number): string {
  const kind = chance.fraction();
  if (kind < 0.1) return single[pick(chance, single.length)]!;
  let text = fragment(chance);
  let length = characters(text);
  const most = kind < 0.2 ? limit : 1 + pick(chance, Math.min(limit, 30));
  while (length < most) {
    const more = glue[pick(chance, glue.length)]! + fragment(chance);
    text += more;
    length += characters(more);
  }
  return length > limit ? [...text].slice(0, limit).join('') : text;
}

const fragment = (chance: Random) => fragments[pick(chance, fragments.length)]!;

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
