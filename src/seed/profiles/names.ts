/** The profiles' command-line names. In their own file, because the profiles load the words of twelve languages. */
export const profileNames = ['default', 'diverse', 'imported', 'uniform', 'unfriendly', 'random'] as const;

export type ProfileName = (typeof profileNames)[number];
