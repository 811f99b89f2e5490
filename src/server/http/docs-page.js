// Draws the reference from /openapi.json. Plain script: it is served as it stands.
"use strict";
void (async () => {
  const main = document.getElementById("main");
  const nav = document.getElementById("nav");
  const filter = document.getElementById("filter");
  let api;
  try {
    api = await (await fetch("/openapi.json")).json();
  } catch (error) {
    main.append(el("p", {}, `The reference could not be loaded: ${error.message}. Reload the page when Baton is running.`));
    return;
  }

  document.getElementById("version").textContent = api.info.version;
  main.append(
    el("h1", {}, "Baton API"),
    ...api.info.description.split(/(?<=Idempotency-Key`;.*\.) /).map((text) => el("p", { class: "intro" }, ...rich(text))),
  );
  main.append(el("p", { class: "intro" }, ...rich("Send a key as `Authorization: Bearer baton_…`. The examples read it from `$BATON_KEY`.")));

  const operations = [];
  for (const [path, methods] of Object.entries(api.paths))
    for (const [method, operation] of Object.entries(methods)) operations.push({ path, method, ...operation });
  for (const { name } of api.tags) {
    const own = operations.filter((operation) => operation.tags.includes(name));
    const section = el("section", {}, el("h2", { class: "tag" }, name), ...own.map(draw));
    const links = own.map((operation) => link(operation));
    const group = el("div", {}, el("h2", {}, name), ...links);
    own.forEach((operation, i) => Object.assign(operation, { link: links[i], section, group }));
    main.append(section);
    nav.append(group);
  }
  const none = el("p", { class: "none", hidden: "" }, "Nothing matches.");
  nav.append(none);

  filter.addEventListener("input", show);
  filter.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      filter.value = "";
      show();
    }
    if (event.key === "Enter") operations.find(({ link }) => !link.hidden)?.link.click();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target === filter || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    filter.focus();
  });
  const watcher = new IntersectionObserver(
    (entries) => {
      const seen = entries.find((entry) => entry.isIntersecting);
      if (seen === undefined) return;
      for (const { operationId, link } of operations) {
        if (operationId === seen.target.id) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-10% 0px -70% 0px" },
  );
  for (const { drawn } of operations) watcher.observe(drawn);
  if (location.hash !== "") document.getElementById(location.hash.slice(1))?.scrollIntoView();

  function show() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const operation of operations) {
      const text = `${operation.method} ${operation.path} ${operation.summary} ${operation.operationId} ${operation.tags.join(" ")}`.toLowerCase();
      const hidden = !words.every((word) => text.includes(word));
      operation.link.hidden = hidden;
      operation.drawn.hidden = hidden;
    }
    for (const { section, group } of operations) {
      const empty = operations.every((operation) => operation.section !== section || operation.link.hidden);
      section.hidden = empty;
      group.hidden = empty;
    }
    none.hidden = operations.some(({ link }) => !link.hidden);
  }

  function link({ method, summary, operationId, path }) {
    return el("a", { href: `#${operationId}`, title: `${method.toUpperCase()} ${path}` }, badge(method), el("span", {}, summary));
  }

  function badge(method) {
    return el("b", { class: `m ${method}` }, method.toUpperCase());
  }

  function draw(operation) {
    const { operationId, method, path, summary, description, parameters = [], requestBody, responses } = operation;
    const scope = operation["x-scope"];
    const left = el(
      "div",
      {},
      el("h3", {}, el("a", { href: `#${operationId}` }, summary)),
      el("div", { class: "path" }, badge(method), path, scope === null ? "" : el("span", { class: "scope" }, `key with “${scope}”`)),
      ...(description ? [el("p", {}, ...rich(description))] : []),
    );
    if (parameters.length > 0)
      left.append(
        el("h4", {}, "Parameters"),
        el(
          "div",
          { class: "rows" },
          ...parameters.map((parameter) => row(parameter.name, parameter.schema, parameter.required, parameter.description, parameter.in, 0)),
        ),
      );
    const body = requestBody?.content["application/json"].schema;
    if (body !== undefined) left.append(el("h4", {}, "Body"), ...fields(body, 0));
    left.append(
      el("h4", {}, "Answers"),
      el("div", { class: "rows" }, ...Object.entries(responses).map(([status, { description, content }]) => answer(status, description, content))),
    );
    const right = el("div", { class: "example" }, el("h4", {}, "Request"), box(curl(operation)));
    const good = Object.entries(responses).find(([status, { content }]) => Number(status) < 300 && content["application/json"] !== undefined);
    if (good !== undefined)
      right.append(el("h4", {}, `Answer ${good[0]}`), box(JSON.stringify(sample(good[1].content["application/json"].schema, 0), null, 2)));
    operation.drawn = el("article", { class: "op", id: operationId }, left, right);
    return operation.drawn;
  }

  function answer(status, description, content) {
    const [type, { schema }] = Object.entries(content)[0];
    const ok = Number(status) < 300;
    const inner = ok && type === "application/json" ? [more(schema, 0)] : [];
    return el(
      "div",
      { class: "row" },
      el("span", { class: `status ${ok ? "ok" : "no"}` }, status),
      el("div", {}, el("span", { class: "text" }, ...rich(description)), ...inner),
    );
  }

  /** The rows of an object's properties, or one line for anything else. */
  function fields(schema, depth) {
    const resolved = follow(schema);
    const { properties } = resolved;
    if (properties === undefined) return [el("p", { class: "text" }, kindOf(resolved), resolved.description ? `: ${resolved.description}` : "")];
    const required = resolved.required ?? [];
    return [
      el(
        "div",
        { class: "rows" },
        ...Object.entries(properties).map(([name, inner]) => row(name, inner, required.includes(name), follow(inner).description, "", depth)),
      ),
    ];
  }

  function row(name, schema, required, description, place, depth) {
    const must = required && place !== "path" ? [" ", el("span", { class: "must" }, "required")] : [];
    const about = [el("span", { class: "kind" }, [kindOf(schema), place === "" ? "" : ` in ${place}`].join("")), ...must];
    const words = description ? [el("div", { class: "text" }, ...rich(description))] : [];
    return el("div", { class: "row" }, el("code", {}, name), el("div", {}, ...about, ...words, ...(isDeep(schema) ? [more(schema, depth)] : [])));
  }

  /** Opens on demand, so that a schema that contains itself is drawn only as far as somebody looks. */
  function more(schema, depth) {
    const details = el("details", {}, el("summary", {}, "fields"));
    details.addEventListener("toggle", () => {
      if (details.open && details.childElementCount === 1) for (const part of partsOf(schema)) details.append(...fields(part, depth + 1));
    });
    return details;
  }

  function isDeep(schema) {
    return partsOf(schema).some((part) => follow(part).properties !== undefined);
  }

  function partsOf(schema) {
    const { anyOf, oneOf, items } = follow(schema);
    if (anyOf !== undefined || oneOf !== undefined) return (anyOf ?? oneOf).flatMap(partsOf).filter((part) => follow(part).properties !== undefined);
    return items === undefined ? [schema] : partsOf(items);
  }

  function follow(schema) {
    return schema.$ref === undefined ? schema : { ...api.components.schemas[schema.$ref.slice("#/components/schemas/".length)], ...schema };
  }

  function kindOf(schema) {
    const name = schema.$ref?.slice("#/components/schemas/".length);
    if (name !== undefined) return name;
    const { type, anyOf, oneOf, items, format, maxLength, additionalProperties } = schema;
    if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (anyOf !== undefined || oneOf !== undefined) return [...new Set((anyOf ?? oneOf).map(kindOf))].join(" | ");
    if (type === "array") return `list of ${items === undefined ? "anything" : kindOf(items)}`;
    if (Array.isArray(type)) return type.join(" | ");
    if (type === "object" && typeof additionalProperties === "object" && schema.properties === undefined) return `object of ${kindOf(additionalProperties)}`;
    return [type ?? "anything", format, maxLength === undefined ? undefined : `≤ ${maxLength.toLocaleString("en")}`].filter(Boolean).join(", ");
  }

  /** A plausible value: the contract's own example where there is one. */
  function sample(schema, depth) {
    const resolved = follow(schema);
    if (resolved.examples !== undefined) return resolved.examples[0];
    if (resolved.default !== undefined) return resolved.default;
    if (resolved.const !== undefined) return resolved.const;
    if (resolved.enum !== undefined) return resolved.enum[0];
    const choices = resolved.anyOf ?? resolved.oneOf;
    if (choices !== undefined) return sample(choices[0], depth);
    const type = Array.isArray(resolved.type) ? resolved.type[0] : resolved.type;
    if (type === "array") return depth > 3 || resolved.items === undefined ? [] : [sample(resolved.items, depth + 1)];
    if (type === "object")
      return depth > 4 ? {} : Object.fromEntries(Object.entries(resolved.properties ?? {}).map(([name, inner]) => [name, sample(inner, depth + 1)]));
    if (type === "integer" || type === "number") return 0;
    if (type === "boolean") return true;
    return type === "null" || type === undefined ? null : "…";
  }

  function curl({ method, path, parameters = [], requestBody, ...operation }) {
    const scope = operation["x-scope"];
    const place = path.replaceAll(/\{(\w+)\}/g, (_, name) => `$${name.toUpperCase()}`);
    const query = parameters.filter((parameter) => parameter.in === "query" && parameter.required).map((parameter) => `${parameter.name}=ada`);
    const lines = [`curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}"${location.origin}${place}${query.length > 0 ? `?${query.join("&")}` : ""}"`];
    if (scope !== null) lines.push('-H "Authorization: Bearer $BATON_KEY"');
    const schema = requestBody?.content["application/json"].schema;
    if (schema !== undefined) {
      const body = operation.operationId === "publishConfig" ? "@config.json" : `'${JSON.stringify(sample(schema, 0)).replaceAll("'", "'\\''")}'`;
      lines.push('-H "Content-Type: application/json"', `-d ${body}`);
    }
    return lines.join(" \\\n  ");
  }

  function box(text) {
    const button = el("button", { class: "copy", type: "button" }, "Copy");
    button.addEventListener("click", async () => {
      const done = await copy(text);
      button.textContent = done ? "Copied" : "Select it";
      document.getElementById("said").textContent = done ? "Copied" : "Copying is not allowed here; select the text";
      setTimeout(() => (button.textContent = "Copy"), 1500);
    });
    return el("div", { class: "box" }, el("pre", { tabindex: "0" }, text), button);
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = el("textarea", {});
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }

  /** Text with `code` in it. */
  function rich(text) {
    return text.split("`").map((part, i) => (i % 2 === 1 ? el("code", {}, part) : part));
  }

  function el(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }
})();
