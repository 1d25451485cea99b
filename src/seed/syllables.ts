// Words made of syllables, in several alphabets: as many different ones as are asked for, pronounceable mostly, and
// like real ones in what matters to a database: length, letters, shared parts.

interface Script {
  /** How many of twenty words are in it. */
  share: number;
  syllables: string[];
  /** What a word may end in. */
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
  // One character is a syllable; every fifth of the first thousands of the ideographs.
  {
    share: 2,
    syllables: Array.from({ length: 1_000 }, (_, n) => String.fromCharCode(0x4e00 + 5 * n)),
    endings: [''],
  },
];
const byNumber = scripts.flatMap((script) => Array<Script>(script.share).fill(script));

/**
 * The n-th word, from 0, beginning with a capital letter. Different numbers give different words, but for a few that two
 * Latin alphabets share; the small ones give short words, as frequent words are.
 */
export function word(n: number): string {
  const { syllables, endings } = byNumber[n % byNumber.length]!;
  let rest = Math.floor(n / byNumber.length);
  const ending = endings[rest % endings.length]!;
  rest = Math.floor(rest / endings.length);
  const first = syllables[rest % syllables.length]!;
  let text = first[0]!.toUpperCase() + first.slice(1);
  rest = Math.floor(rest / syllables.length);
  // Counted so that neither one syllable more nor one less gives the same word.
  do {
    text += syllables[rest % syllables.length]!;
    rest = Math.floor(rest / syllables.length) - 1;
  } while (rest >= 0);
  return text + ending;
}
