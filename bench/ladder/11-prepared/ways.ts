import type { Ways } from '../rung.ts';

export default { before: { prepare: false }, after: { prepare: true } } satisfies Ways;
