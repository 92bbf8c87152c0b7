// Parses GIFT: a line {"gift": ...} in, a line {"questions": [...]} or {"error": ...} out.
const { createInterface } = require("node:readline");
const { parse } = require("gift-pegjs");

createInterface({ input: process.stdin, crlfDelay: Infinity }).on("line", (line) => {
  let answer;
  try {
    answer = { questions: parse(JSON.parse(line).gift) };
  } catch (error) {
    answer = { error: String(error.message) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
