import { contract, lists } from './contract/index.ts';
import { fewExpected, inflateTags, openOptimized } from './optimized/room.ts';
import type { Open } from './rooms.ts';

contract('optimized', openOptimized, { counts: 'none' });

// Which statements answer a list depends on what the server believes of its data; the answers must not.
lists('optimized, expecting few matches', (options) =>
  openOptimized({ ...options, statistics: fewExpected }),
);

const inflated: Open = (options) =>
  openOptimized({
    ...options,
    fill: async (sql) => {
      await options?.fill?.(sql);
      await inflateTags(sql);
    },
  });
lists('optimized, expecting many matches among very many', inflated);
