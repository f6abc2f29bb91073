/** The questions of the gallery that are nearest to a text, by the words that they share. No DOM. */

type Asked = { question: string; answer: string };

/** So much of a text is looked at. */
const READ = 4000;

/** A word by its first letters: `differentiate` and `derivative` differ, `gradient` and `gradients` do not. */
const wordsOf = (text: string) => {
  const words =
    text
      .slice(0, READ)
      .toLowerCase()
      .match(/[a-z]{3,}/g) ?? [];
  return new Set(words.map((word) => word.slice(0, 6)));
};

/**
 * @param most so many at most, the nearest first; a word counts the more, the fewer of the questions have it
 */
export function nearest<T extends Asked>(text: string, examples: T[], most: number): T[] {
  const words = wordsOf(text);
  const known = examples.map((example) => ({ example, words: wordsOf(`${example.question} ${example.answer}`) }));
  const worth = (word: string) => Math.log(examples.length / known.filter(({ words }) => words.has(word)).length);
  const scored = known.map(({ example, words: own }) => {
    const shared = [...own].filter((word) => words.has(word));
    return { example, score: shared.reduce((sum, word) => sum + worth(word), 0) / Math.sqrt(own.size) };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, most)
    .map(({ example }) => example);
}
