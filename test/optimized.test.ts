import { contract, lists } from './contract/index.ts';
import { choices } from './optimized/choices.ts';
import { openOptimized } from './optimized/room.ts';
import type { Open } from './rooms.ts';

contract('optimized', openOptimized, { counts: 'none' });

// Which access path answers a list depends on what the server expects; the answers must not. The buckets are those of
// the rows that are there.
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
