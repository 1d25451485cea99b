import type { Stage } from '../../stage.ts';
import type { Vocabulary } from '../../vocabulary.ts';
import type { Shape } from '../shape.ts';

/** A row of the table that is no shape of request. */
export interface Check {
  name: string;
  /** `≥ 1000 requests/s` */
  goal: string;
  /** What was measured, in the words of the goal. */
  found: string;
  /** Null where it could not be measured; `found` says why. */
  holds: boolean | null;
  figures: object;
}

/** What the checks are made with. */
export interface Setting {
  stage: Stage;
  shapes: Shape[];
  vocabulary: Vocabulary;
  seed: number;
  k6: { path: string } | { missing: string };
  /** Seconds of each load. */
  seconds: number;
}
