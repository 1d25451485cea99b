import { contract, lists } from './contract/index.ts';
import { choices } from './optimized/choices.ts';
import { openOptimized } from './optimized/room.ts';
import type { Open } from './rooms.ts';

contract('optimized', openOptimized, { counts: 'none' });

// The access path of a list depends on the server's estimates; the answers must not. The buckets are made from the
// present rows.
for (const [name, choose] of Object.entries(choices)) {
  const open: Open = (options) =>
    openOptimized({
      ...options,
      choose,
      fill: async (sql) => {
        await options?.fill?.(sql);
        await sql`analyze`;
        await sql`call listing_rebuild('customer_list')`;
      },
    });
  lists(`optimized, ${name}`, open);
}
