import { type Base, base } from '../server/base.ts';
import { customers } from './customers.ts';

/** The naive server as an app that opens no port. */
export const createApp = (parts: Omit<Base, 'room'>) => {
  const room: Base = { room: 'naive', ...parts };
  return base(room).use(customers(room));
};
