import { rooms } from '../servers.ts';
import type { Check } from './check.ts';
import { hostile } from './hostile/checks.ts';
import { badClients } from './overload/bad-clients.ts';
import { capacity } from './overload/capacity.ts';
import { gone } from './overload/gone.ts';
import { slowShapes } from './overload/slow-shapes.ts';
import { crowded } from './postgres/crowded.ts';
import { full } from './postgres/full.ts';
import { hung } from './postgres/hung.ts';
import { killed } from './postgres/killed.ts';
import { migrated } from './postgres/migrated.ts';
import { restarted } from './postgres/restarted.ts';
import { suffer } from './postgres/suffer.ts';
import { ending } from './stop/ending.ts';
import { limit } from './stop/limit.ts';
import { rolling } from './stop/rolling.ts';

const faults = [killed, restarted, hung, crowded, full];

export const checks: readonly Check[] = [
  capacity,
  slowShapes,
  gone,
  ...rooms.map(badClients),
  ...rooms.flatMap((room) => faults.map((fault) => suffer(fault, room))),
  suffer(migrated, 'optimized'),
  ...rooms.flatMap((room) => [ending(room), limit(room), rolling(room)]),
  ...hostile,
];
