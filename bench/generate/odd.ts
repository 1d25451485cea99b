import type { Random } from './random.ts';

/** Texts without white space that have broken quoting, escaping, case folding or parsing in some program. */
const oddWords = String.raw`
  % _ \ %% %a _a \% \\ ' '' " "" & && < <-> > | ! ( ) :* a:* * ? # ; , . - + = / a,b {x} [x] []
  O'Neil $1 $x -- /* \n \x00 %41 %2B é É ß ẞ İ ı ǅ ﬁ Ω 日本 ع 😀 👩‍👩‍👧 or OR and not null undefined true NaN
  0 00 -1 1e3 0x1 1.5 +49 ++49 49 2000 1990-05-20
`
  .trim()
  .split(/\s+/);

export const oddTexts: readonly string[] = [
  ...oddWords,
  ...[' ', '  ', ' an', 'an ', ' an ', '\t', 'a\tb', 'a\nb', 'e\u0301', '\u00a0', '\u200b'],
  ...['Smith, John', 'drop table', 'x'.repeat(200), '😀'.repeat(100)],
];

/** Texts that are special only in `search`: operators, phrases, words of digits, words without a lexeme. */
export const oddSearches: readonly string[] = `
  or|OR|anna or|or anna|anna or john|oreo|ore or
  -anna|- anna|anna -john|--anna|-12
  "anna"|"anna|anna"|""|"anna john"|"john anna" or -x
  &|& anna|anna & 12|!|!anna|anna!|:*|anna:*|(anna)|<b>|[x]|%|_|\\|'
  anna's|anna-john|st. john|a.b|a/b|a@b.de|http://a.de/b|Smith, John|O'Neil
  12|+12|+|+49|49|0|100|2000|1990-05|1990-05-20|+1990|12 34|12 anna|1.5|1e3|12a|٣|%2B49
  é|É|😀|😀 anna|日本|the|a|male
  \u00a0anna|anna\u00a0john|anna\tjohn|  anna   john |anna\u200bjohn
`
  .split(/[|\n]/)
  .filter((text) => text.trim() !== '');

// Characters that fold, parse or compare like others in some implementations but not in all.
const lookalikes: Record<string, string> = {
  i: 'İıＩ',
  k: '\u212aｋ',
  s: 'ſßｓ',
  ß: 'ẞſ',
  å: '\u212b',
  é: 'É',
  σ: 'ςΣ',
  ς: 'σΣ',
  ω: '\u2126',
  µ: 'μ',
  f: 'ﬁ',
  d: 'ǅ',
  ' ': '\u00a0\u2003\u3000\u200b\t',
  '-': '‐–_',
  "'": '’ʼ',
  '+': '＋',
  '@': '＠',
};

/**
 * The text with up to three of its characters changed: to the other case, a lookalike, a full-width or Arabic digit, or
 * with a combining mark added.
 */
export function oddForm(draw: Random, text: string): string {
  const characters = [...text];
  for (let changes = draw.int(1, 3); changes > 0 && characters.length > 0; changes--) {
    const place = draw.int(0, characters.length - 1);
    const one = characters[place]!;
    const likes = lookalikes[one.toLowerCase()] ?? '';
    if (/^[0-9]$/.test(one))
      characters[place] = String.fromCharCode(draw.pick([0xff10, 0x660]) + Number(one));
    else if (likes !== '' && draw.chance(0.8)) characters[place] = draw.pick([...likes]);
    else if (draw.chance(0.3)) characters[place] = one + draw.pick(['\u0301', '\u0307', '\u0308', '\u200d']);
    else characters[place] = one === one.toUpperCase() ? one.toLowerCase() : one.toUpperCase();
  }
  return characters.slice(0, 100).join('');
}
