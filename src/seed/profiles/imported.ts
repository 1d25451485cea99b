import { mix, random } from '../random.ts';
import { anytime, into } from '../times.ts';
import { hexId, phoneNumber, standard } from './default.ts';
import type { Profile } from './profile.ts';

/**
 * A third of the customers was imported from another system at one moment: they share `created`, most share
 * `last_updated`, and their ids are of that system. Few addresses, few points, and some shared phone numbers. The last
 * activity is independent of the creation and may precede it.
 */
export const imported: Profile = {
  customersPerAddress: 3,
  withoutAddress: 1 / 2,
  columns(seed) {
    const own = standard.columns(seed);
    const shared = random(mix(seed ^ 0x7e1e7e1e));
    const salt = mix(seed ^ 0x10905ed);
    const isImported = (i: number) => mix(i ^ salt) % 3 === 0;

    return {
      ...own,
      created: (chance, i) => (isImported(i) ? moment : anytime(chance)),
      lastUpdated: (chance, created, i) =>
        isImported(i) && chance.fraction() < 0.8 ? moment : own.lastUpdated(chance, created, i),
      customerId: (_, i) => (isImported(i) ? `KD${1_000_000_000 + i}` : hexId(seed, i)),
      phoneNumber(chance, i) {
        if (chance.fraction() >= 1 / 10) return own.phoneNumber(chance, i);
        // Many customers share the first numbers: those of shops, and what is typed for "unknown".
        shared.start(Math.floor(chance.fraction() ** 2 * 1_000));
        return phoneNumber(shared);
      },
      // Together with `points`, four customers in five have none.
      hasRelationship: (chance) => chance.fraction() < 0.6,
      points: (chance, i) => (chance.fraction() < 2 / 3 ? 0 : own.points(chance, i)),
      lastActivity: (chance) => (chance.fraction() < 1 / 2 ? null : anytime(chance)),
    };
  },
};

/** Of the import: in the middle of the calendar, at a fraction of a second. */
const moment = into(0.4371234567);
