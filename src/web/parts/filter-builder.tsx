/** The whole tree: groups of which all or any must hold, as deep as needed, each with "not". Read back in a sentence below. */
import { Button, Modal, NativeSelect } from "@mantine/core";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import type { Filter } from "../../core/filter/filter.ts";
import css from "./filter.module.css";
import { ConditionFields } from "./filter-editor.tsx";
import { emptyCondition, filterWords, type FilterField, isComplete, isCondition } from "./filter-words.ts";

type Node = Filter;

export function FilterBuilder({
  filter,
  fields,
  onApply,
  onClose,
}: {
  readonly filter: Filter | undefined;
  readonly fields: readonly FilterField[];
  readonly onApply: (filter: Filter | undefined) => void;
  readonly onClose: () => void;
}) {
  const [tree, setTree] = useState<Node>(filter === undefined ? { and: [] } : "and" in filter || "or" in filter ? filter : { and: [filter] });
  const clean = pruned(tree);
  return (
    <Modal opened onClose={onClose} title="Filter" size={680}>
      <Group node={tree} fields={fields} onChange={(next) => setTree(next ?? { and: [] })} />
      <p className={css.readback} aria-live="polite">
        {clean === undefined ? "All leads" : filterWords(clean, fields)}
      </p>
      <div className={css.builderActions}>
        <Button variant="subtle" onClick={onClose}>
          Cancel
        </Button>
        <Button
          variant="filled"
          onClick={() => {
            onApply(clean);
            onClose();
          }}
        >
          Apply
        </Button>
      </div>
    </Modal>
  );
}

/** Without conditions that say nothing yet and groups that are empty. */
function pruned(node: Node): Node | undefined {
  if (isCondition(node)) return isComplete(node) ? node : undefined;
  if ("not" in node) {
    const inner = pruned(node.not);
    return inner === undefined ? undefined : { not: inner };
  }
  const parts = ("and" in node ? node.and : node.or).flatMap((part) => pruned(part) ?? []);
  if (parts.length === 0) return undefined;
  return parts.length === 1 ? parts[0] : "and" in node ? { and: parts } : { or: parts };
}

type NodeProps = { readonly node: Node; readonly fields: readonly FilterField[]; readonly onChange: (node: Node | null) => void };

function Branch(props: NodeProps) {
  return isCondition(props.node) ? <Leaf {...props} /> : <Group {...props} nested />;
}

function Group({ node, fields, onChange, nested = false }: NodeProps & { readonly nested?: boolean }) {
  if (isCondition(node)) return <Leaf node={node} fields={fields} onChange={onChange} />;
  const denied = "not" in node;
  const inner = denied ? node.not : node;
  const [word, parts] = isCondition(inner)
    ? (["and", [inner]] as const)
    : "or" in inner
      ? (["or", inner.or] as const)
      : "and" in inner
        ? (["and", inner.and] as const)
        : (["and", [inner]] as const);
  const put = (nextWord: string, next: readonly Node[]): void => {
    const group: Node = nextWord === "or" ? { or: next } : { and: next };
    onChange(denied ? { not: group } : group);
  };
  const first = fields[0];
  return (
    <fieldset className={css.nest} data-nested={nested ? "" : undefined}>
      <div className={css.nestHead}>
        <NativeSelect
          aria-label="How the parts count"
          value={`${denied ? "not " : ""}${word}`}
          data={[
            { value: "and", label: "All of these" },
            { value: "or", label: "Any of these" },
            { value: "not and", label: "Not all of these" },
            { value: "not or", label: "None of these" },
          ]}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            const group: Node = chosen.endsWith("or") ? { or: parts } : { and: parts };
            onChange(chosen.startsWith("not") ? { not: group } : group);
          }}
        />
        {nested && (
          <Button variant="subtle" aria-label="Remove this group" onClick={() => onChange(null)}>
            <Trash2 size={14} />
          </Button>
        )}
      </div>
      {parts.map((part, i) => (
        <Branch key={i} node={part} fields={fields} onChange={(next) => put(word, next === null ? parts.filter((_, at) => at !== i) : parts.with(i, next))} />
      ))}
      <div className={css.nestAdd}>
        <Button variant="subtle" disabled={first === undefined} onClick={() => first !== undefined && put(word, [...parts, emptyCondition(first)])}>
          Add condition
        </Button>
        <Button variant="subtle" onClick={() => put(word, [...parts, word === "and" ? { or: [] } : { and: [] }])}>
          Add group
        </Button>
      </div>
    </fieldset>
  );
}

function Leaf({ node, fields, onChange }: NodeProps) {
  if (!isCondition(node)) return null;
  const info = fields.find(({ field }) => field === node.field);
  return (
    <div className={css.leaf}>
      <NativeSelect
        aria-label="Field"
        value={node.field}
        data={info === undefined ? [{ value: node.field, label: node.field }, ...choices(fields)] : choices(fields)}
        onChange={(event) => {
          const next = fields.find(({ field }) => field === event.currentTarget.value);
          if (next !== undefined) onChange(emptyCondition(next));
        }}
      />
      <ConditionFields condition={node} info={info} onChange={onChange} />
      <Button variant="subtle" aria-label={`Remove ${filterWords(node, fields)}`} onClick={() => onChange(null)}>
        <Trash2 size={14} />
      </Button>
    </div>
  );
}

function choices(fields: readonly FilterField[]): { value: string; label: string }[] {
  return fields.map(({ field, label }) => ({ value: field, label }));
}
