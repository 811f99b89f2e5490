/** What came in: as data to read, and as JSON to mend, with each mistake at its line. */
import { Button, Textarea } from "@mantine/core";
import { useRef, useState } from "react";
import { ApiProblem } from "../../api/call.ts";
import { wordsOf } from "../../app/toasts.tsx";
import { keyLabel, useKeys } from "../../keys/keys.ts";
import css from "./held.module.css";
import { lineOf, parseJson } from "./json-lines.ts";

type Payload = Readonly<Record<string, unknown>>;

export function PayloadView({ payload }: { readonly payload: Payload }) {
  return (
    <section aria-label="What came in" className={css.payload}>
      <h3>What came in</h3>
      <Data value={payload} />
    </section>
  );
}

function Data({ value }: { readonly value: Payload }) {
  return (
    <dl className={css.data}>
      {Object.entries(value).map(([key, inner]) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>{contentOf(inner)}</dd>
        </div>
      ))}
    </dl>
  );
}

function contentOf(value: unknown): React.ReactNode {
  if (value === null || value === undefined) return <span className="mut">nothing</span>;
  if (Array.isArray(value))
    return value.every((one) => typeof one !== "object") ? (
      value.join(", ")
    ) : (
      <ol className={css.several}>
        {value.map((one, i) => (
          <li key={i}>{contentOf(one)}</li>
        ))}
      </ol>
    );
  if (typeof value === "object") return <Data value={value as Payload} />;
  return typeof value === "string" ? value : JSON.stringify(value);
}

type EditorProps = {
  readonly payload: Payload;
  readonly problem: Error | null;
  readonly busy: boolean;
  readonly onSend: (payload: unknown) => void;
  readonly onCancel: () => void;
};

export function PayloadEditor({ payload, problem, busy, onSend, onCancel }: EditorProps) {
  const [text, setText] = useState(() => JSON.stringify(payload, null, 2));
  const [sent, setSent] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const read = parseJson(text);
  const refused = problem !== null && sent === text ? problem : null;
  const mistakes = refused instanceof ApiProblem ? refused.problem.errors : [];
  const send = (): void => {
    if (read.problem !== null || busy) return;
    setSent(text);
    onSend(read.value);
  };
  const goTo = (line: number): void => {
    const field = area.current;
    if (field === null) return;
    const start =
      text
        .split("\n")
        .slice(0, line - 1)
        .join("\n").length + (line > 1 ? 1 : 0);
    const end = text.indexOf("\n", start);
    field.focus();
    field.setSelectionRange(start, end === -1 ? text.length : end);
  };
  useKeys([{ keys: "mod+Enter", label: "Send through mended", scope: "This screen", whileTyping: true, run: send }]);
  return (
    <section aria-label="Mend" className={css.payload}>
      <h3>Mend it, and send it through</h3>
      <p className="mut">It is checked like a capture by API. What came stays as the record.</p>
      <Textarea
        ref={area}
        aria-label="The input as JSON"
        classNames={{ input: css.json ?? "" }}
        rows={Math.min(26, Math.max(8, text.split("\n").length + 1))}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={read.problem !== null}
        autoFocus
      />
      <div aria-live="polite">
        {read.problem !== null && (
          <p className={css.wrong}>
            {read.problem}
            {read.line !== null && (
              <button type="button" onClick={() => goTo(read.line ?? 1)}>
                Line {read.line}
              </button>
            )}
          </p>
        )}
        {refused !== null && mistakes.length === 0 && <p className={css.wrong}>{wordsOf(refused)}</p>}
        {mistakes.map(({ path, message }) => {
          const bare = path.replace(/^(?:body\.)?payload\.?/, "");
          const line = lineOf(text, bare);
          return (
            <p key={`${path} ${message}`} className={css.wrong}>
              <b>{bare === "" ? "It" : bare}</b> {message}
              {line !== null && (
                <button type="button" onClick={() => goTo(line)}>
                  Line {line}
                </button>
              )}
            </p>
          );
        })}
      </div>
      <div className={css.ways}>
        <Button variant="filled" loading={busy} disabled={read.problem !== null} onClick={send} aria-keyshortcuts="Control+Enter">
          Send through <kbd>{keyLabel("mod+Enter")}</kbd>
        </Button>
        <Button variant="subtle" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </section>
  );
}
