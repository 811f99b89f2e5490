/** One of a few, all in sight: radios that look like chips. Arrow keys choose, Enter submits the form around them. */
import { useId } from "react";
import css from "./lead.module.css";

export type ChoiceProps = {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly focus?: boolean;
  readonly hideLabel?: boolean;
};

export function Choice({ label, options, value, onChange, focus = false, hideLabel = false }: ChoiceProps) {
  const name = useId();
  return (
    <fieldset className={css.choice}>
      <legend className={hideLabel ? "out" : css.legend}>{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            data-step-focus={focus && option.value === value ? "" : undefined}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
