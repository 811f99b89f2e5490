/** The fields of a form: dragged by their handle, moved by key (Alt and an arrow) or by menu. */
import { ActionIcon, Checkbox, Menu, NativeSelect, TextInput } from "@mantine/core";
import { closestCenter, DndContext, type DragEndEvent, PointerSensor, useDraggable, useDroppable, useSensor, useSensors } from "@dnd-kit/core";
import { EllipsisVertical, GripVertical } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { useRead } from "../../api/query.ts";
import type { Form } from "../../parts/form.tsx";
import { ASKED, type Field, moved, type Values } from "./form-values.ts";
import css from "./forms.module.css";

export function FieldList({ form }: { readonly form: Form<Values> }) {
  const { fields } = form.values;
  const own = useRead("getConfig").data?.config.fields ?? [];
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }));
  const [said, setSaid] = useState("");
  const list = useRef<HTMLOListElement>(null);

  const move = (from: number, to: number): void => {
    if (to < 0 || to >= fields.length || from === to) return;
    form.set({ fields: moved(fields, from, to) });
    setSaid(`${fields[from]?.label ?? ""} is number ${to + 1} of ${fields.length}`);
    requestAnimationFrame(() => list.current?.querySelectorAll<HTMLElement>("[data-handle]")[to]?.focus());
  };
  const drop = ({ active, over }: DragEndEvent): void => {
    const at = (key: unknown): number => fields.findIndex((field) => field.key === key);
    if (over !== null) move(at(active.id), at(over.id));
  };
  const change = (index: number, part: Partial<Field>): void => form.set({ fields: fields.map((field, i) => (i === index ? { ...field, ...part } : field)) });
  const taken = new Set(fields.map(({ key }) => key));
  const free = [...Object.entries(ASKED), ...own.map(({ key, label }) => [`fields.${key}`, label] as const)].filter(([key]) => !taken.has(key));
  const kindOf = (key: string): string => ASKED[key] ?? own.find((field) => `fields.${field.key}` === key)?.label ?? key;

  return (
    <section className={css.part} aria-labelledby="fields">
      <h2 id="fields">Fields</h2>
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={drop}>
        <ol className={css.fields} ref={list}>
          {fields.map((field, i) => (
            <FieldLine
              key={field.key}
              field={field}
              kind={kindOf(field.key)}
              onChange={(part) => change(i, part)}
              onMove={(by) => move(i, i + by)}
              onRemove={() => form.set({ fields: fields.toSpliced(i, 1) })}
              first={i === 0}
              last={i === fields.length - 1}
            />
          ))}
        </ol>
      </DndContext>
      {form.errorOf("fields") !== undefined && (
        <p className={css.wrong} role="alert">
          {form.errorOf("fields")}
        </p>
      )}
      {free.length > 0 && (
        <NativeSelect
          aria-label="Add a field"
          className={css.add}
          value=""
          onChange={(event) => {
            const key = event.currentTarget.value;
            if (key !== "") form.set({ fields: [...fields, { key, label: kindOf(key), required: false }] });
          }}
          data={[{ value: "", label: "Add a field…" }, ...free.map(([value, label]) => ({ value, label }))]}
        />
      )}
      <p className="out" aria-live="polite">
        {said}
      </p>
    </section>
  );
}

type LineProps = {
  readonly field: Field;
  readonly kind: string;
  readonly first: boolean;
  readonly last: boolean;
  readonly onChange: (part: Partial<Field>) => void;
  readonly onMove: (by: number) => void;
  readonly onRemove: () => void;
};

function FieldLine({ field, kind, first, last, onChange, onMove, onRemove }: LineProps) {
  const { key, label, required, help } = field;
  const [helping, setHelping] = useState((help ?? "") !== "");
  const drag = useDraggable({ id: key });
  const drop = useDroppable({ id: key });
  const y = drag.transform?.y ?? 0;
  const byKey = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    onMove(by);
  };
  return (
    <li
      ref={drop.setNodeRef}
      className={css.field}
      data-over={(drop.isOver && !drag.isDragging) || undefined}
      data-dragged={drag.isDragging || undefined}
      style={drag.isDragging ? { transform: `translateY(${y}px)` } : undefined}
    >
      <button
        ref={drag.setNodeRef}
        type="button"
        className={css.handle}
        data-handle
        {...drag.listeners}
        onKeyDown={byKey}
        aria-label={`Move ${label}: arrow up or down`}
        aria-keyshortcuts="ArrowUp ArrowDown"
      >
        <GripVertical size={14} aria-hidden />
      </button>
      <div className={css.fieldTexts}>
        <TextInput aria-label={`Label of ${kind}`} value={label} maxLength={200} onChange={(event) => onChange({ label: event.currentTarget.value })} />
        {helping && (
          <TextInput
            aria-label={`Help under ${label}`}
            placeholder="Help under the label"
            value={help ?? ""}
            maxLength={500}
            onChange={(event) => onChange({ help: event.currentTarget.value === "" ? null : event.currentTarget.value })}
          />
        )}
      </div>
      <span className={`${css.kind} cut`} title={kind}>
        {kind === label ? "" : kind}
      </span>
      <Checkbox
        label="Required"
        checked={required}
        onChange={(event) => onChange({ required: event.currentTarget.checked })}
        aria-label={`${label} is required`}
      />
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={`More for ${label}`}>
            <EllipsisVertical size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={first} onClick={() => onMove(-1)}>
            Move up
          </Menu.Item>
          <Menu.Item disabled={last} onClick={() => onMove(1)}>
            Move down
          </Menu.Item>
          {!helping && <Menu.Item onClick={() => setHelping(true)}>Add help</Menu.Item>}
          <Menu.Item onClick={onRemove}>Remove</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}
