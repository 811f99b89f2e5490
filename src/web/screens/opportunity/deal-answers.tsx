/** What was answered when the lead was qualified and converted. */
import { useRead } from "../../api/query.ts";
import { formatDate, formatMoney, formatWhen } from "../../format/format.ts";
import type { Deal } from "../pipeline/deals.ts";
import { Field } from "./deal-fields.tsx";
import css from "./opportunity.module.css";

export function DealAnswers({ deal }: { readonly deal: Deal }) {
  const config = useRead("getConfig").data?.config;
  const fields = config?.process.tasks.flatMap(({ form }) => form ?? []) ?? [];
  const given = Object.entries(deal.form).filter(([, value]) => value !== "");
  if (given.length === 0) return null;
  const read = (key: string, value: Deal["form"][string]): string => {
    if (typeof value !== "string") return formatMoney(value);
    const type = fields.find((field) => field.key === key)?.type;
    if (type === "date" && /^\d{4}-\d{2}-\d{2}/.test(value)) return formatDate(value.slice(0, 10));
    if (type === "dateTime" && !Number.isNaN(Date.parse(value))) return formatWhen(value);
    if (type === "user") return config?.users.find(({ id }) => id === value)?.name ?? value;
    if (type === "team") return config?.teams.find(({ id }) => id === value)?.name ?? value;
    return value;
  };
  return (
    <section aria-labelledby="deal-answers">
      <h2 className={css.h2} id="deal-answers">
        From qualifying
      </h2>
      <dl className={css.fields}>
        {given.map(([key, value]) => (
          <Field key={key} label={fields.find((field) => field.key === key)?.label ?? key}>
            <span className={css.answer}>{read(key, value)}</span>
          </Field>
        ))}
      </dl>
    </section>
  );
}
