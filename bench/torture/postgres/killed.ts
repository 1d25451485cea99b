import type { Fault } from './suffer.ts';

export const killed: Fault = {
  name: 'PostgreSQL killed and started again',
  unready: true,
  begin: ({ postgres }) => postgres.kill(),
  mend: ({ postgres }) => postgres.start(),
};
