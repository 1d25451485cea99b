// Words made of syllables in several alphabets: any number of distinct, mostly pronounceable words. They resemble real
// ones in what matters to a database: length, letters, shared substrings.

interface Script {
  /** How many of twenty words use it. */
  share: number;
  syllables: string[];
  /** Possible endings of a word. */
  endings: string[];
}

const parts = (onsets: string, vowels: string) =>
  onsets.split(' ').flatMap((onset) => vowels.split(' ').map((vowel) => onset + vowel));

const scripts: Script[] = [
  {
    share: 10,
    syllables: parts('b c d f g h j k l m n p r s t v w z br ch kr st tr', 'a e i o u au ie'),
    endings: ['', 'n', 'r', 's', 'l', 'nd', 'rt'],
  },
  {
    share: 5,
    syllables: parts('b č d ð f ğ h k ł m ñ p ř s š t v ž', 'a á ä å e é ê ı i í o ó ö ø u ü'),
    endings: ['', 'n', 'ß', 'ş', 'ł', 'ń', 'ź'],
  },
  {
    share: 2,
    syllables: parts('б в г д ж з к л м н п р с т х ч ш', 'а е и о у ы ю я'),
    endings: ['', 'в', 'н', 'й', 'ск'],
  },
  {
    share: 1,
    syllables: parts('β γ δ θ κ λ μ ν ξ π ρ σ τ φ χ ψ', 'α ά ε η ι ο ό υ ω'),
    endings: ['', 'ς', 'ν', 'ου'],
  },
  // Each character is a syllable: every fifth of the first thousands of ideographs.
  {
    share: 2,
    syllables: Array.from({ length: 1_000 }, (_, n) => String.fromCharCode(0x4e00 + 5 * n)),
    endings: [''],
  },
];
const byNumber = scripts.flatMap((script) => Array<Script>(script.share).fill(script));

/**
 * The n-th word, from 0, starting with a capital letter. Different numbers give different words, except for a few that
 * two Latin alphabets share. Small numbers give short words, as frequent words are short.
 */
export function word(n: number): string {
  const { syllables, endings } = byNumber[n % byNumber.length]!;
  let rest = Math.floor(n / byNumber.length);
  const ending = endings[rest % endings.length]!;
  rest = Math.floor(rest / endings.length);
  const first = syllables[rest % syllables.length]!;
  let text = first[0]!.toUpperCase() + first.slice(1);
  rest = Math.floor(rest / syllables.length);
  // The -1 ensures that words with more or fewer syllables never coincide.
  do {
    text += syllables[rest % syllables.length]!;
    rest = Math.floor(rest / syllables.length) - 1;
  } while (rest >= 0);
  return text + ending;
}
