import { base } from '../server/base.ts';
import { customers, type Room } from './customers.ts';

/** The optimized server as an app that opens no port. */
export const createApp = (parts: Omit<Room, 'room'>) => {
  const room: Room = { room: 'optimized', ...parts };
  return base(room).use(customers(room));
};
