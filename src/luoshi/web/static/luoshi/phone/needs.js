// What an answer still needs, said while one is at the place. The server has the last word.
const worse = ({ type, min, max, bad, open }, { number, choice, result }) => {
  if (result === "na") return "na";
  if (type === "number") {
    if (number === "") return "number_missing";
    if ((min && Number(number) < Number(min)) || (max && Number(number) > Number(max))) return "unmet";
    if (min || max) return result || "met";
  }
  if (type === "choice") {
    if (!choice) return "choice_missing";
    if (bad.split(" ").includes(choice)) return "unmet";
    if (!open.split(" ").includes(choice)) return result || "met";
  }
  return result || "answer_missing";
};

// The code of what is missing in a question, "" when nothing is, or when it was left untouched.
export const missing = (question, given) => {
  const { photo, text, type } = question;
  if (!given.number && !given.choice && !given.result && !given.text && !given.pictures) return "";
  const result = worse(question, given);
  if (result.endsWith("_missing")) return result;
  const wanted = (when) => (when === "unmet" ? result === "unmet" : when === "always");
  if (wanted(photo) && result !== "na" && !given.pictures) return "photo_missing";
  if ((wanted(text) || (type === "text" && result !== "na")) && !given.text) return "text_missing";
  return "";
};
