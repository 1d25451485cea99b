import { useEffect, useState } from 'preact/hooks';
import type { Answered } from './answers.ts';
import { examples, type Field, filters, search, shape } from './fields.ts';
import { firstPage, parametersOf, type Request, type Values } from './request.ts';

interface Props {
  request: Request;
  onChange: (request: Request) => void;
  naive: Answered | null;
  optimized: Answered | null;
}

/** Milliseconds without a keystroke before both requests are sent. */
const pause = 200;

/** Search, sort and filters. A fault is shown at its field, or below if it has none. */
export function Form({ request, onChange, naive, optimized }: Props) {
  const { values } = request;
  const faults = faultsOf(naive, optimized);
  const change = (changed: Values, delay: number) =>
    onChange({ values: { ...values, ...changed }, position: firstPage, delay });
  const input = (field: Field) => (
    <Input
      key={field.name}
      field={field}
      value={values[field.name] ?? ''}
      fault={faults[field.name]}
      change={change}
    />
  );
  const used = filters.filter(({ name }) => values[name]);
  const faulty = filters.some(({ name }) => faults[name]);
  // Opens if a filter is used or faulty, and never closes on its own.
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (used.length > 0 || faulty) setOpen(true);
  }, [used.length > 0 || faulty]);
  const elsewhere = Object.entries(faults).filter(
    ([name]) => name !== 'page' && ![search, ...shape, ...filters].some((field) => field.name === name),
  );
  const clear = () => onChange({ values: {}, position: firstPage, delay: 0 });
  return (
    <form
      class="card form"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ ...request, delay: 0 });
      }}
    >
      <div class="fields main">
        {input(search)}
        {shape.map(input)}
        <button type="submit" class="ask">
          Ask again
        </button>
      </div>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          Filters <small>{used.length > 0 ? `${used.length} in use` : 'none in use'}</small>
        </summary>
        <div class="fields">{filters.map(input)}</div>
        {used.length > 0 && (
          <button type="button" class="clear" onClick={clear}>
            Clear all
          </button>
        )}
      </details>
      {elsewhere.map(([name, message]) => (
        <p key={name} class="fault" role="alert">
          {name} {message}
        </p>
      ))}
      <p class="examples">
        <span>Try</span>
        {examples.map(({ name, values, page = 1 }) => (
          <button
            key={name}
            type="button"
            onClick={() => {
              onChange({ values, position: { page, cursor: null }, delay: 0 });
              setOpen(filters.some(({ name }) => values[name]));
            }}
          >
            {name}
          </button>
        ))}
      </p>
      <p class="line">
        <code>GET /api/v1/customers{addressLine(request)}</code>
      </p>
    </form>
  );
}

interface InputProps {
  field: Field;
  value: string;
  fault: string | undefined;
  change: (changed: Values, delay: number) => void;
}

function Input({ field: { name, label, hint = '', choices }, value, fault, change }: InputProps) {
  const id = `field-${name}`;
  const described = fault ? { 'aria-invalid': true, 'aria-describedby': `${id}-fault` } : {};
  return (
    <div class={`field ${name}`}>
      <label for={id}>{label}</label>
      {choices ? (
        <select
          id={id}
          value={value}
          {...described}
          onChange={(event) => change({ [name]: event.currentTarget.value }, 0)}
        >
          <option value="">{hint}</option>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice.replaceAll('_', ' ')}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          type="search"
          value={value}
          placeholder={hint}
          autocomplete="off"
          spellcheck={false}
          {...described}
          onInput={(event) => change({ [name]: event.currentTarget.value }, pause)}
        />
      )}
      {fault && (
        <p id={`${id}-fault`} class="fault" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}

/** By parameter; a fault of one server alone names the server. */
export function faultsOf(naive: Answered | null, optimized: Answered | null): Record<string, string> {
  const faults: Record<string, string> = {};
  const messages = (answer: Answered | null) =>
    new Map((answer?.problem?.errors ?? []).map(({ parameter = '', message }) => [parameter, message]));
  const [left, right] = [messages(naive), messages(optimized)];
  for (const [name, message] of left)
    faults[name] = right.get(name) === message ? message : `naive: ${message}`;
  for (const [name, message] of right) faults[name] ??= `optimized: ${message}`;
  return faults;
}

function addressLine({ values, position }: Request): string {
  const query = parametersOf(values);
  if (position.page > 1) query.set('page', `${position.page}`);
  return query.size > 0 ? `?${query}` : '';
}
