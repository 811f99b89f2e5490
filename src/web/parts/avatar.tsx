/** A person in two letters. The name is said to everybody: on hover, and to assistive technology. */
import { initialsOf } from "../format/format.ts";
import css from "./small.module.css";

export function Avatar({ name, size = 22 }: { readonly name: string; readonly size?: number }) {
  return (
    <span
      className={css.avatar}
      style={{ width: size, height: size, fontSize: size * 0.46, lineHeight: `${size}px` }}
      title={name}
      role="img"
      aria-label={name}
    >
      {initialsOf(name)}
    </span>
  );
}

/** An owner in a table: the letters, or in red that there is none. */
export function Owner({ owner, withName = false }: { readonly owner: { readonly name: string } | null; readonly withName?: boolean }) {
  if (owner === null) return <span className="late">none</span>;
  return (
    <span className={css.person}>
      <Avatar name={owner.name} />
      {withName && <span className="cut">{owner.name}</span>}
    </span>
  );
}
