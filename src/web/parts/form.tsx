/**
 * Forms: values, a write, and the server's words at the fields they are about. What was typed stays until it is saved, also
 * when the server is gone.
 */
import { Button, type ButtonProps } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { ApiProblem, call, type CallArgs, type In, type Op, type Out } from "../api/call.ts";
import { refresh } from "../api/query.ts";
import { wordsOf } from "../app/toasts.tsx";
import css from "./small.module.css";

export type FormOptions<K extends Op, V> = {
  readonly op: K;
  readonly initial: V;
  /** What is sent for these values. */
  readonly input: (values: V) => In<K>;
  /** What is missing or wrong before it is sent, by the names of fields. */
  readonly check?: (values: V) => Partial<Record<keyof V & string, string>>;
  readonly onDone: (answer: Out<K>, values: V) => unknown;
  readonly refreshes?: readonly Op[];
  /** Answer true when the refusal was dealt with. */
  readonly onProblem?: (problem: ApiProblem) => boolean;
};

export type Form<V> = {
  readonly values: V;
  readonly set: (change: Partial<V>) => void;
  readonly busy: boolean;
  /** Whether something was changed. */
  readonly dirty: boolean;
  /** What is wrong with the whole of it. */
  readonly problem: string | null;
  readonly errorOf: (name: keyof V & string) => string | undefined;
  /** Props of a text field. */
  readonly text: (name: keyof V & string) => {
    readonly name: string;
    readonly value: string;
    readonly error: string | undefined;
    readonly onChange: (event: { readonly currentTarget: { readonly value: string } }) => void;
  };
  /** Props of a field that hands over its value: Select, NumberInput, Switch by `checked`. */
  readonly field: <N extends keyof V & string>(
    name: N,
  ) => { readonly value: V[N]; readonly error: string | undefined; readonly onChange: (value: V[N]) => void };
  readonly submit: (event?: FormEvent) => void;
  /** Changes something and sends it, in one step. */
  readonly submitWith: (change: Partial<V>) => void;
};

export function useForm<K extends Op, V extends object>({ op, initial, input, check, onDone, refreshes = [], onProblem }: FormOptions<K, V>): Form<V> {
  const [values, setValues] = useState(initial);
  const [busy, setBusy] = useState(false);
  const [dirty, setDirty] = useState(false);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<string | null>(null);

  const set = (change: Partial<V>): void => {
    setValues((old) => ({ ...old, ...change }));
    setDirty(true);
    setErrors((old) => Object.fromEntries(Object.entries(old).filter(([name]) => !(name in change))));
  };

  const send = async (values: V): Promise<void> => {
    const wrong = check?.(values) ?? {};
    if (Object.keys(wrong).length > 0) {
      setErrors(wrong as Readonly<Record<string, string>>);
      return;
    }
    setBusy(true);
    setProblem(null);
    setErrors({});
    try {
      const answer = await call(op, ...([input(values)] as unknown as CallArgs<K>));
      setDirty(false);
      refresh(...refreshes);
      await onDone(answer, values);
    } catch (error) {
      if (error instanceof ApiProblem && onProblem?.(error) === true) return;
      const { at, rest } = spread(error, Object.keys(values));
      setErrors(at);
      setProblem(rest);
    } finally {
      setBusy(false);
    }
  };

  const errorOf = (name: string): string | undefined => errors[name];
  return {
    values,
    set,
    busy,
    dirty,
    problem,
    errorOf,
    text: (name) => ({
      name,
      value: String(values[name] ?? ""),
      error: errorOf(name),
      onChange: (event) => set({ [name]: event.currentTarget.value } as unknown as Partial<V>),
    }),
    field: (name) => ({ value: values[name], error: errorOf(name), onChange: (value) => set({ [name]: value } as unknown as Partial<V>) }),
    submit: (event) => {
      event?.preventDefault();
      if (!busy) void send(values);
    },
    submitWith: (change) => {
      if (busy) return;
      set(change);
      void send({ ...values, ...change });
    },
  };
}

/** The refusal's words at the fields they name, and the rest for the whole form. */
function spread(error: unknown, names: readonly string[]): { readonly at: Readonly<Record<string, string>>; readonly rest: string | null } {
  if (!(error instanceof ApiProblem)) return { at: {}, rest: wordsOf(error) };
  const known = error.problem.errors.flatMap(({ path, message }) => {
    const name = names.find((one) => path === one || path.endsWith(`.${one}`) || path.startsWith(`${one}.`) || path.startsWith(`${one}[`));
    return name === undefined ? [] : [[name, sentence(message)] as const];
  });
  return { at: Object.fromEntries(known), rest: known.length > 0 && known.length === error.problem.errors.length ? null : wordsOf(error) };
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Fields in a column, what is wrong with the whole, and the buttons. */
export function FormBody({
  form,
  children,
  submit,
  cancel,
  submitProps,
  extra,
}: {
  readonly form: Pick<Form<unknown>, "submit" | "busy" | "problem">;
  readonly children: ReactNode;
  /** The verb on the button. */
  readonly submit: string;
  readonly cancel?: () => void;
  readonly submitProps?: ButtonProps;
  readonly extra?: ReactNode;
}) {
  return (
    <form className={css.form} onSubmit={form.submit} noValidate>
      {children}
      {form.problem !== null && (
        <p className={css.problem} role="alert">
          {form.problem}
        </p>
      )}
      <div className={css.formActions}>
        {extra}
        {cancel !== undefined && (
          <Button variant="subtle" onClick={cancel}>
            Cancel
          </Button>
        )}
        <Button type="submit" variant="filled" loading={form.busy} {...submitProps}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
