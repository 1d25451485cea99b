import { useState } from 'preact/hooks';
import type { Answered } from './answers.ts';
import { faultsOf } from './form.tsx';
import type { Position, Request } from './request.ts';

interface Props {
  request: Request;
  onChange: (request: Request) => void;
  naive: Answered | null;
  optimized: Answered | null;
}

/** Leads both servers to the next and previous page, by the links of the optimized response, else of the naive one. */
export function Pager({ request, onChange, naive, optimized }: Props) {
  const { page } = request.position;
  // Each reading renders the page again; text being typed must stay.
  const [typed, setTyped] = useState<string | null>(null);
  const links = optimized?.page ?? naive?.page;
  const fault = faultsOf(naive, optimized).page;
  const go = (position: Position, delay = 0) => onChange({ ...request, position, delay });
  const follow = (link: string | null | undefined, by: number) => {
    if (!link) return;
    go({ page: page + by, cursor: new URL(link).searchParams.get('cursor') });
  };
  return (
    <nav class="pager" aria-label="Pages">
      <button type="button" aria-disabled={!links?.previous} onClick={() => follow(links?.previous, -1)}>
        ‹ Previous
      </button>
      <label>
        Page{' '}
        <input
          type="text"
          inputMode="numeric"
          value={typed ?? page}
          aria-invalid={Boolean(fault)}
          aria-describedby={fault ? 'page-fault' : undefined}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => setTyped(null)}
          onChange={(event) => {
            setTyped(null);
            go({ page: Number(event.currentTarget.value) || 1, cursor: null });
          }}
        />
      </label>
      <button type="button" aria-disabled={!links?.next} onClick={() => follow(links?.next, 1)}>
        Next ›
      </button>
      {fault && (
        <p id="page-fault" class="fault" role="alert">
          {fault}
        </p>
      )}
    </nav>
  );
}
