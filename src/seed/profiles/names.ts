/** Every profile as it is called on the command line. By itself, since the profiles load the words of ten languages. */
export const profileNames = ['default', 'diverse', 'imported', 'uniform', 'unfriendly'] as const;

export type ProfileName = (typeof profileNames)[number];
