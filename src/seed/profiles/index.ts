import { standard } from './default.ts';
import { diverse } from './diverse.ts';
import { imported } from './imported.ts';
import type { ProfileName } from './names.ts';
import type { Profile } from './profile.ts';
import { randomized } from './random.ts';
import { unfriendly } from './unfriendly.ts';
import { uniform } from './uniform.ts';

/** Every profile by its command-line name. */
export const profiles = {
  default: standard,
  diverse,
  imported,
  uniform,
  unfriendly,
  random: randomized,
} satisfies Record<ProfileName, Profile>;

export type { ProfileName };
