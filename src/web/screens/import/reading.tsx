/** How the file is read, editable, and its first rows as they come out of it. */
import { NativeSelect, NumberInput } from "@mantine/core";
import { useState } from "react";
import { counted, formatNumber } from "../../format/format.ts";
import { When } from "../../parts/lead-parts.tsx";
import { delimiterWord, rowWords } from "./file-words.ts";
import css from "./import.module.css";
import type { Draft } from "./use-draft.ts";

const ENCODINGS = [
  "utf-8",
  "windows-1252",
  "windows-1250",
  "windows-1251",
  "iso-8859-2",
  "iso-8859-15",
  "utf-16le",
  "utf-16be",
  "shift_jis",
  "gb18030",
  "euc-kr",
];
const DELIMITERS = [",", ";", "\t", "|"];
/** Rows that are shown before one asks for more, and columns that fit a page. */
const FEW = 4;
const WIDE = 60;

export function Reading({ draft: { survey, settings, edit } }: { readonly draft: Draft }) {
  const [all, setAll] = useState(false);
  const { encoding, delimiter, headerLine, notes, firstRows, columns, remembered } = survey;
  const known = (list: readonly string[], one: string): readonly string[] => (list.includes(one.toLowerCase()) ? list : [one, ...list]);
  return (
    <section aria-labelledby="reading" className={css.part}>
      <header className={css.partHead}>
        <h2 id="reading">The file</h2>
        <span className="mut">
          {rowWords(survey)}, {counted(columns.length, "column")}
        </span>
      </header>
      <div className={css.ways}>
        <NativeSelect
          label="Encoding"
          value={settings.encoding ?? ""}
          onChange={(event) => edit({ encoding: event.currentTarget.value === "" ? null : event.currentTarget.value })}
          data={[
            { value: "", label: settings.encoding === null ? `${encoding} (detected)` : "As detected" },
            ...known(ENCODINGS, settings.encoding ?? "utf-8").map((value) => ({ value, label: value })),
          ]}
        />
        <NativeSelect
          label="Columns end at"
          value={settings.delimiter ?? ""}
          onChange={(event) => edit({ delimiter: event.currentTarget.value === "" ? null : event.currentTarget.value })}
          data={[
            { value: "", label: settings.delimiter === null ? `${delimiterWord(delimiter)} (detected)` : "As detected" },
            ...known(DELIMITERS, settings.delimiter ?? ",").map((value) => ({ value, label: delimiterWord(value) })),
          ]}
        />
        <HeaderLine key={headerLine} line={headerLine} onChange={(line) => edit({ headerLine: line })} />
        <NativeSelect
          label="Dates like 03/04/2026"
          value={settings.dateOrder ?? ""}
          onChange={(event) => edit({ dateOrder: event.currentTarget.value === "" ? null : (event.currentTarget.value as "dayFirst") })}
          data={[
            { value: "", label: "As each column tells" },
            { value: "dayFirst", label: "Day first: 3 April" },
            { value: "monthFirst", label: "Month first: March 4" },
          ]}
        />
      </div>
      {(notes.length > 0 || remembered !== null) && (
        <ul className={css.notes}>
          {remembered !== null && (
            <li>
              A file with the same columns was imported <When at={remembered.at} relative />; its mapping is taken again.
            </li>
          )}
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {firstRows.length > 0 && (
        <>
          <div className={css.sheet} tabIndex={0} role="region" aria-label="First rows of the file">
            <table>
              <thead>
                <tr>
                  <th scope="col">
                    <span className="out">Line</span>
                  </th>
                  {columns.slice(0, WIDE).map(({ index, name }) => (
                    <th key={index} scope="col">
                      {name.trim() === "" ? <span className="mut">column {index + 1}</span> : name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {firstRows.slice(0, all ? firstRows.length : FEW).map(({ line, cells, problem }) => (
                  <tr key={line}>
                    <th scope="row" className="num">
                      {formatNumber(line)}
                    </th>
                    {problem === null ? (
                      cells.slice(0, WIDE).map((cell, i) => <td key={i}>{cell}</td>)
                    ) : (
                      <td colSpan={Math.min(WIDE, columns.length)} className="late">
                        {problem}
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {firstRows.length > FEW && (
            <button type="button" className={css.more} onClick={() => setAll(!all)} aria-expanded={all}>
              {all ? "Show fewer rows" : `Show ${formatNumber(firstRows.length)} rows`}
            </button>
          )}
        </>
      )}
    </section>
  );
}

/** Sent when one is done typing. */
function HeaderLine({ line, onChange }: { readonly line: number; readonly onChange: (line: number) => void }) {
  const [value, setValue] = useState<number | string>(line);
  const send = (): void => {
    const number = Number(value);
    if (Number.isInteger(number) && number >= 1 && number <= 1000 && number !== line) onChange(number);
    else setValue(line);
  };
  return (
    <NumberInput
      label="Names on line"
      size="xs"
      min={1}
      max={1000}
      allowDecimal={false}
      value={value}
      onChange={setValue}
      onBlur={send}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) send();
      }}
    />
  );
}
