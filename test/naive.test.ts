import { createApp } from '../src/naive/app.ts';
import { contract } from './contract/index.ts';
import { openRoom } from './rooms.ts';

contract('naive', (options) => openRoom('naive', (base) => ({ app: createApp(base) }), options), {
  counts: 'exact',
});
