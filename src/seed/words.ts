// Hand-picked words, mixed into those of faker. Examples and benchmarks search for the frequent ones. The others
// are rare and test case folding, escaping and code point order with real data.

export const frequentFirstNames = ['Anthony', 'Nicholas'];

export const rareFirstNames = [
  ...['Åsa', 'Łukasz', 'José', 'Zoë', 'Anne-Marie', 'Jean-Luc', "D'Andre", 'Søren', 'François', 'Jürgen'],
  ...['İbrahim', 'Işıl', 'Ægir', 'Þóra', 'Ñusta', 'Élodie', 'Željko', 'Дмитрий', 'Ελένη', '美咲'],
];

export const rareLastNames = [
  ...["O'Neil", 'Müller', 'Weiß', 'Ångström', 'Żuławski', 'García Márquez', 'van der Berg', 'Núñez'],
  // 𠮷 is beyond 16 bits: it sorts before 豈 (U+F900) by UTF-16 unit, after it by code point.
  ...['Nguyễn', 'Çelik', 'Łoś', "D'Amico", 'Smith-Jones', 'Öztürk', 'Иванов', '𠮷田', '豈田'],
];

export const rareStreets = ['100% Road', 'Under_Score Way', 'Back\\slash Row', '50% Off_Ramp', 'Hauptstraße'];

/** How many streets end in "Heights", spread from frequent to rare. */
export const heights = 14;

/** International calling codes: phone numbers start as real ones do. */
export const callingCodes = [
  '1',
  '49',
  '48',
  '46',
  '34',
  '33',
  '55',
  '39',
  '90',
  '31',
  '45',
  '47',
  '358',
  '44',
];
