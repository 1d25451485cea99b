import { standard } from './default.ts';
import { diverse } from './diverse.ts';
import { imported } from './imported.ts';
import type { Profile } from './profile.ts';
import { unfriendly } from './unfriendly.ts';
import { uniform } from './uniform.ts';

/** Every profile by the name it has on the command line. */
export const profiles = {
  default: standard,
  diverse,
  imported,
  uniform,
  unfriendly,
} satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

/** What the option `--data` means, for the help of every command that has it. */
export const dataMeaning = `what they are like: ${Object.keys(profiles).join(', ')} (default default)`;

/** Reads the option `--data`; throws with one line where there is no such profile. */
export function readData(text = 'default'): ProfileName {
  if (Object.hasOwn(profiles, text)) return text as ProfileName;
  throw new Error(`--data ${text}: it is one of ${Object.keys(profiles).join(', ')}.`);
}
