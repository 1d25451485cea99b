// Words by hand, put among those of faker. The frequent ones are what examples and benchmarks ask for; the
// others are rare and meet case folding, escaping and the order of code points with real data.

export const frequentFirstNames = ['Anthony', 'Nicholas'];

export const rareFirstNames = [
  ...['Åsa', 'Łukasz', 'José', 'Zoë', 'Anne-Marie', 'Jean-Luc', "D'Andre", 'Søren', 'François', 'Jürgen'],
  ...['İbrahim', 'Işıl', 'Ægir', 'Þóra', 'Ñusta', 'Élodie', 'Željko', 'Дмитрий', 'Ελένη', '美咲'],
];

export const rareLastNames = [
  ...["O'Neil", 'Müller', 'Weiß', 'Ångström', 'Żuławski', 'García Márquez', 'van der Berg', 'Núñez'],
  // 𠮷 lies beyond the 16-bit characters: UTF-16 sorts it before 豈 (U+F900), code points after it.
  ...['Nguyễn', 'Çelik', 'Łoś', "D'Amico", 'Smith-Jones', 'Öztürk', 'Иванов', '𠮷田', '豈田'],
];

export const rareStreets = ['100% Road', 'Under_Score Way', 'Back\\slash Row', '50% Off_Ramp', 'Hauptstraße'];

/** How many streets end in "Heights", spread from the frequent to the rare. */
export const heights = 14;

/** International calling codes, so that phone numbers begin as real ones do. */
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
