import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DateVotes, orderFrom, parseDay, parseMoment, voteDate } from "./dates.ts";

const at = (text: string, zone = "UTC", order: "dayFirst" | "monthFirst" = "dayFirst") => {
  const ms = parseMoment(text, order, zone);
  return ms === null ? null : new Date(ms).toISOString();
};

describe("what is a date", () => {
  test.each([
    ["2018-02-26", "2018-02-26T00:00:00.000Z"],
    ["2018-02-26 19:58:54", "2018-02-26T19:58:54.000Z"],
    ["2018-02-26T19:58:54.125+02:00", "2018-02-26T17:58:54.125Z"],
    ["2018-02-26T19:58Z", "2018-02-26T19:58:00.000Z"],
    ["2018/2/6", "2018-02-06T00:00:00.000Z"],
    ["20180226", "2018-02-26T00:00:00.000Z"],
    ["20180226T195854Z", "2018-02-26T19:58:54.000Z"],
    ["26.02.2018 19:58", "2018-02-26T19:58:00.000Z"],
    ["26-02-2018", "2018-02-26T00:00:00.000Z"],
    ["3/4/17", "2017-04-03T00:00:00.000Z"],
    ["12 Jan 2018", "2018-01-12T00:00:00.000Z"],
    ["Jan 12, 2018 3:05 PM", "2018-01-12T15:05:00.000Z"],
    ["12-Feb-18", "2018-02-12T00:00:00.000Z"],
    ["28/02/2018 12:00 am", "2018-02-28T00:00:00.000Z"],
  ])("%s is %s", (text, iso) => {
    expect(at(text)).toBe(iso);
  });

  test.each([
    "2018-02-30",
    "30.02.2018",
    "2018-13-01",
    "13/13/2018",
    "yesterday",
    "43157",
    "1.5",
    "2018-02-26 25:00",
    "12 Foo 2018",
    "2018-02-26x",
    "01/02-2018",
  ])("%s is none", (text) => {
    expect(at(text)).toBeNull();
  });

  test("a calendar day has no time", () => {
    expect(parseDay("03.04.2017", "dayFirst")).toBe("2017-04-03");
    expect(parseDay("2017-04-03 00:00:00", "dayFirst")).toBe("2017-04-03");
    expect(parseDay("2017-04-03 10:00", "dayFirst")).toBeNull();
  });
});

describe("whether the day or the month comes first", () => {
  const order = (...column: readonly string[]) => {
    const votes: DateVotes = { dayFirst: 0, monthFirst: 0 };
    for (const text of column) voteDate(text, votes);
    return orderFrom(votes);
  };

  test("one day above twelve settles it for the column, and without one nothing does", () => {
    expect(order("01/02/2018", "03/25/2018")).toBe("monthFirst");
    expect(order("01/02/2018", "25/03/2018")).toBe("dayFirst");
    expect(order("01/02/2018", "03/04/2018")).toBeNull();
    expect(order("2018-12-25", "nonsense")).toBeNull();
    expect(order("25/03/2018", "26/03/2018", "03/25/2018")).toBe("dayFirst");
  });

  test("a date that does not fit the order of its column is none", () => {
    expect([at("03/25/2018", "UTC", "monthFirst"), at("03/25/2018", "UTC", "dayFirst")]).toEqual(["2018-03-25T00:00:00.000Z", null]);
  });
});

describe("local time", () => {
  test("a time without a zone is the workspace's", () => {
    expect(at("2018-02-28 19:58", "America/Sao_Paulo")).toBe("2018-02-28T22:58:00.000Z");
    expect(at("2018-02-28 19:58Z", "America/Sao_Paulo")).toBe("2018-02-28T19:58:00.000Z");
    expect(at("2018-07-01", "Asia/Kolkata")).toBe("2018-06-30T18:30:00.000Z");
  });

  test("a time that clocks skip moves behind the gap, one that they show twice is the first", () => {
    expect(at("2024-03-31 02:30", "Europe/Berlin")).toBe("2024-03-31T01:30:00.000Z");
    expect(at("2024-10-27 02:30", "Europe/Berlin")).toBe("2024-10-27T00:30:00.000Z");
  });

  test("every moment, written as its zone shows it, is read as itself but for the hour that comes twice", () => {
    const zones = fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "UTC");
    const moments = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2037, 0) }).map((ms) => ms - (ms % 1000));
    fc.assert(
      fc.property(moments, zones, (ms, zone) => {
        const shown = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }).format(ms);
        const back = parseMoment(shown, "dayFirst", zone) as number;
        expect([0, 1_800_000, 3_600_000, 86_400_000]).toContain(ms - back);
      }),
    );
  });
});
