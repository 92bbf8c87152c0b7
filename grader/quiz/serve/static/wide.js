// Lets the keyboard scroll what is wider than the page: long lines of code, tables, formulas.
"use strict";

(() => {
  const boxes = document.querySelectorAll("pre, .stem, .text, .option > span");
  const mark = () => {
    for (const box of boxes) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  mark();
  addEventListener("load", mark);
  addEventListener("resize", mark);
})();
