import type { Fault } from './suffer.ts';

export const killed: Fault = {
  name: 'PostgreSQL killed and restarted',
  unready: true,
  begin: ({ postgres }) => postgres.kill(),
  mend: ({ postgres }) => postgres.start(),
};
