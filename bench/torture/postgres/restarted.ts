import type { Fault } from './suffer.ts';

export const restarted: Fault = {
  name: 'PostgreSQL stopped and restarted',
  unready: true,
  begin: ({ postgres }) => postgres.stop(),
  mend: ({ postgres }) => postgres.start(),
};
