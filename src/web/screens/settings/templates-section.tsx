/** Mail templates: the texts that come with the house and one's own, each seen at once as a lead would get it. */
import { ActionIcon, Button, Menu, Modal, Select, Textarea, TextInput } from "@mantine/core";
import { Ellipsis } from "lucide-react";
import { useRef, useState } from "react";
import { call, type Out } from "../../api/call.ts";
import { refresh, useRead } from "../../api/query.ts";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { useKeys } from "../../keys/keys.ts";
import { FormBody, useForm } from "../../parts/form.tsx";
import { When } from "../../parts/lead-parts.tsx";
import { Loaded } from "../../parts/states.tsx";
import { Part, Section } from "./section.tsx";
import { TemplatePreview } from "./template-preview.tsx";
import { SendingNotes } from "./sending.tsx";
import css from "./settings.module.css";

type List = Out<"listTemplates">;
type Template = List["items"][number];

export function TemplatesSection() {
  const list = useRead("listTemplates");
  const [open, setOpen] = useState<Template | "new" | null>(null);
  useKeys([{ keys: "n", label: "New mail template", scope: "This screen", command: true, run: () => setOpen("new") }]);
  return (
    <Section
      title="Mail templates"
      about="Offered when somebody writes to a lead, or used by the house itself. Merge fields are filled in for each lead; what does not exist is refused when you save, not when you send."
      actions={
        <Button variant="filled" onClick={() => setOpen("new")} aria-keyshortcuts="n">
          New template
        </Button>
      }
    >
      <SendingNotes />
      <Loaded from={list}>
        {(data) => (
          <>
            {(["lead", "system"] as const).map((use) => (
              <Part key={use} title={use === "lead" ? "To leads" : "From the house itself"}>
                <div className={css.rows}>
                  {data.items
                    .filter((template) => template.use === use)
                    .map((template) => (
                      <Row key={template.id} template={template} onOpen={() => setOpen(template)} />
                    ))}
                </div>
              </Part>
            ))}
            {open !== null && <Editor template={open === "new" ? null : open} fields={data.fields} onClose={() => setOpen(null)} />}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Row({ template, onOpen }: { readonly template: Template; readonly onOpen: () => void }) {
  const { id, name, subject, body, own, updatedAt } = template;
  const house = !/^[0-9a-f]{8}-/.test(id);
  const remove = async (): Promise<void> => {
    try {
      await call("deleteTemplate", { params: { id } });
      refresh("listTemplates");
      toast({
        text: house ? `“${name}” has its own text back` : `“${name}” deleted`,
        undo: async () => {
          if (house) await call("changeTemplate", { params: { id }, body: { name, subject, body } });
          else await call("createTemplate", { body: { name, subject, body } });
          refresh("listTemplates");
        },
      });
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <div className={css.row}>
      <div className={css.rowText}>
        <button type="button" className={css.open} onClick={onOpen}>
          {name}
        </button>
        <span className={css.sub}>
          {subjectWords(subject)}
          {updatedAt !== null && (
            <>
              {" "}
              · changed <When at={updatedAt} relative />
            </>
          )}
        </span>
      </div>
      <div className={css.rowActions}>
        {!own && <span className={css.pill}>comes with Baton</span>}
        <Menu>
          <Menu.Target>
            <ActionIcon aria-label={`Actions for ${name}`}>
              <Ellipsis size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={onOpen}>Change…</Menu.Item>
            {own && <Menu.Item onClick={() => void remove()}>{house ? "Back to the text that comes with Baton" : "Delete"}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      </div>
    </div>
  );
}

/** A subject as one reads it in a list: what is filled in stands in brackets, what depends on something as it mostly is. */
function subjectWords(subject: string): string {
  return subject
    .replaceAll(/\{%-?\s*else\b[^]*?\{%-?\s*endif\s*-?%\}/g, "")
    .replaceAll(/\{%[^]*?%\}/g, "")
    .replaceAll(
      /\{\{\s*([\w.]+)[^]*?\}\}/g,
      (_, field: string) =>
        `[${field
          .replace(/^.*\.(?!name$)/, "")
          .replace(".", " ")
          .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
          .toLowerCase()}]`,
    );
}

function Editor({ template, fields, onClose }: { readonly template: Template | null; readonly fields: List["fields"]; readonly onClose: () => void }) {
  const was = { name: template?.name ?? "", subject: template?.subject ?? "", body: template?.body ?? 'Dear {{ lead.firstName | default: "there" }},\n\n' };
  const area = useRef<HTMLTextAreaElement>(null);
  const form = useForm({
    op: template === null ? "createTemplate" : "changeTemplate",
    initial: was,
    input: (values) => ({ ...(template === null ? {} : { params: { id: template.id } }), body: values }) as never,
    check: ({ name, subject }) => ({
      ...(name.trim() === "" ? { name: "Give it a name." } : {}),
      ...(subject.trim() === "" ? { subject: "Enter a subject." } : {}),
    }),
    refreshes: ["listTemplates"],
    onDone: (answer: Template) => {
      toast({
        text: template === null ? `“${answer.name}” made` : `“${answer.name}” changed`,
        undo: async () => {
          if (template === null || !template.own) await call("deleteTemplate", { params: { id: answer.id } });
          else await call("changeTemplate", { params: { id: answer.id }, body: was });
          refresh("listTemplates");
        },
      });
      onClose();
    },
  });
  const { subject, body } = form.values;
  const insert = (field: string): void => {
    const at = area.current?.selectionStart ?? body.length;
    form.set({ body: `${body.slice(0, at)}{{ ${field} }}${body.slice(area.current?.selectionEnd ?? at)}` });
    area.current?.focus();
  };
  return (
    <Modal opened onClose={onClose} title={template?.name ?? "New template"} size={980} closeOnClickOutside={!form.dirty} yOffset="5vh">
      <div className={css.editor}>
        <FormBody form={form} submit={template === null ? "Make" : "Save"} cancel={onClose}>
          <TextInput label="Name" data-autofocus {...form.text("name")} />
          <TextInput label="Subject" {...form.text("subject")} />
          <Textarea
            ref={area}
            label="Text"
            description="**bold**, *italic*, [words](https://…), - for lists; an empty line parts paragraphs"
            rows={14}
            {...form.text("body")}
          />
          <Select
            label="Insert a merge field"
            searchable
            value={null}
            placeholder="Name, company, sender…"
            data={fields.map(({ name, label }) => ({ value: name, label: `${label} · ${name}` }))}
            onChange={(name) => name !== null && insert(name)}
          />
        </FormBody>
        {template?.use === "system" ? (
          <p className={css.effect}>The house fills this one in for users, not for leads; there is no lead to preview it with.</p>
        ) : (
          <TemplatePreview subject={subject} body={body} />
        )}
      </div>
    </Modal>
  );
}
