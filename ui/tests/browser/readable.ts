import type { Page } from "playwright-core";

/** What only a patient has in the fictional practice: names, ages beside a birth date, numbers, phones, words typed. */
const TOLD = String.raw`Testcase|Specimen|Placeholder|Mockford|Demoson|Imaginary|Dummond|(Sample|Example|Fictional), |· \d+ (y|mo)\b|No\. 0\d|\(555\)|penicillin|hypertension|traffic|recheck|asked by phone`;

/** What a person in front of the screen can read of that. */
export const readable = (page: Page): Promise<string[]> =>
  page.evaluate((told) => {
    const found: string[] = [];
    const look = (text: string, at: Element | null) => {
      if (!at?.checkVisibility() || at.closest(".sr") || !new RegExp(told, "i").test(text)) return;
      for (let node: Element | null = at; node; node = node.parentElement) if (/blur\((?!0)/.test(getComputedStyle(node).filter)) return;
      found.push(text);
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) look(texts.currentNode.textContent ?? "", texts.currentNode.parentElement);
    document.querySelectorAll<HTMLInputElement>("input, textarea").forEach((field) => look(field.value, field));
    document.querySelectorAll<HTMLElement>("[title]").forEach((node) => look(node.title, node.parentElement));
    return found;
  }, TOLD);
