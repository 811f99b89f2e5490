import { expect, test } from "vitest";
import { passwordProblem } from "./password.ts";

const ada = { email: "ada.lovelace@analytical.example", name: "Ada Lovelace" };

test.each([
  "correct horse battery staples are fine",
  "nine green turtles dance",
  "Tr0ub4dor&3 is not so good",
  "zwölf Zeichen genügen",
  "密码密码长密码安全很好呀吗",
  "x7Q!pL2@vN9#",
  "🦄🐢🌵🎻🛶🪁🧭🪐🫧🥁🦉🍋",
])("%j is taken", (password) => {
  expect(passwordProblem(password, ada)).toBeNull();
});

test.each([
  ["elevenchars", "at least 12"],
  ["🦄🐢🌵🎻🛶🪁🧭🪐🫧🥁🦉", "at least 12"],
  ["x".repeat(129), "more than 128"],
  ["password1234", "anybody would try"],
  ["P@ssw0rd12345", "anybody would try"],
  ["passwordpassword", "anybody would try"],
  ["Willkommen2026!", "anybody would try"],
  ["iloveyou!!!!!!2", "anybody would try"],
  ["correct horse battery staple", "anybody would try"],
  ["123456789012", "row of the keyboard"],
  ["qwertyuiop[]12", "row of the keyboard"],
  ["1q2w3e4r5t6y", "row of the keyboard"],
  ["ponmlkjihgfe", "row of the keyboard"],
  ["abababababab", "same few characters"],
  ["abc1abc1abc1", "same few characters"],
  ["ada.lovelace@analytical.example", "own name or address"],
  ["Ada.Lovelace1", "own name or address"],
  ["Ada Lovelace!!", "own name or address"],
])("%j is refused: %s", (password, words) => {
  expect(passwordProblem(password, ada)).toContain(words);
});
