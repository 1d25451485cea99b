import type { Stage } from '../../stage.ts';
import type { Vocabulary } from '../../vocabulary.ts';
import type { Shape } from '../shape.ts';

/** A row of the table that is not a shape. */
export interface Check {
  name: string;
  /** `≥ 1000 requests/s` */
  goal: string;
  /** What was measured, in the terms of the goal. */
  found: string;
  /** Null if it could not be measured; `found` says why. */
  holds: boolean | null;
  figures: object;
}

/** The inputs of the checks. */
export interface Setting {
  stage: Stage;
  shapes: Shape[];
  vocabulary: Vocabulary;
  seed: number;
  k6: { path: string } | { missing: string };
  /** Seconds of each load. */
  seconds: number;
}
