/** What the page says of files, in its four languages: read only when it is needed. */
import type { Language } from "../settings.svelte";

const en = {
  exportNote: "All conversations, and what else the server keeps of you, as one file.",
  exportAll: "Export everything",
  exportBusy: "Other archives are being written just now. Please try again in a few seconds.",
  importNote:
    "Bring conversations here: an export of Parley, ChatGPT or Open WebUI. Choose the file (.zip or .json), or drop it here.",
  importFile: "Import…",
  sending: (share: string) => `Sending the file: ${share}`,
  reading: "The server is reading the file…",
  imported: (count: string) => `Imported: ${count}.`,
  unchanged: (count: string) => `Already here: ${count}.`,
  prompts: (count: string) => `Saved prompts: ${count}.`,
  refused: (count: string) => `Not taken: ${count}.`,
  notes: "What was left out or changed",
  wholeFile: "The file",
  tooLarge: "This file is larger than the server takes.",
  notUnderstood:
    "No conversation was found in this file. It is to be an export of Parley, ChatGPT (the archive, or conversations.json) or Open WebUI.",
  busy: "The server is reading other files just now. Please try again in a few seconds.",
  brokenOff:
    "That did not work just now. Please try again: what has been imported already is not imported twice.",
};

export type FileTexts = typeof en;

export const TEXTS: Record<Language, FileTexts> = {
  en,
  de: {
    exportNote: "Alle Gespräche und was der Server sonst von dir aufbewahrt, als eine Datei.",
    exportAll: "Alles exportieren",
    exportBusy:
      "Gerade werden andere Archive geschrieben. Bitte versuche es in ein paar Sekunden noch einmal.",
    importNote:
      "Gespräche hierher holen: einen Export von Parley, ChatGPT oder Open WebUI. Wähle die Datei (.zip oder .json) oder lege sie hier ab.",
    importFile: "Importieren…",
    sending: (share) => `Die Datei wird gesendet: ${share}`,
    reading: "Der Server liest die Datei…",
    imported: (count) => `Importiert: ${count}.`,
    unchanged: (count) => `Schon da: ${count}.`,
    prompts: (count) => `Gespeicherte Prompts: ${count}.`,
    refused: (count) => `Nicht übernommen: ${count}.`,
    notes: "Was weggelassen oder geändert wurde",
    wholeFile: "Die Datei",
    tooLarge: "Diese Datei ist größer, als der Server annimmt.",
    notUnderstood:
      "In dieser Datei wurde kein Gespräch gefunden. Es soll ein Export von Parley, ChatGPT (das Archiv oder conversations.json) oder Open WebUI sein.",
    busy: "Der Server liest gerade andere Dateien. Bitte versuche es in ein paar Sekunden noch einmal.",
    brokenOff:
      "Das ging gerade nicht. Bitte versuche es noch einmal: Was schon importiert ist, wird nicht doppelt importiert.",
  },
  es: {
    exportNote: "Todas las conversaciones y lo demás que el servidor guarda de ti, en un solo archivo.",
    exportAll: "Exportar todo",
    exportBusy: "Ahora mismo se están escribiendo otros archivos. Inténtalo de nuevo en unos segundos.",
    importNote:
      "Trae conversaciones aquí: una exportación de Parley, ChatGPT u Open WebUI. Elige el archivo (.zip o .json) o suéltalo aquí.",
    importFile: "Importar…",
    sending: (share) => `Enviando el archivo: ${share}`,
    reading: "El servidor está leyendo el archivo…",
    imported: (count) => `Importadas: ${count}.`,
    unchanged: (count) => `Ya estaban aquí: ${count}.`,
    prompts: (count) => `Prompts guardados: ${count}.`,
    refused: (count) => `No aceptadas: ${count}.`,
    notes: "Lo que se omitió o se cambió",
    wholeFile: "El archivo",
    tooLarge: "Este archivo es más grande de lo que acepta el servidor.",
    notUnderstood:
      "No se encontró ninguna conversación en este archivo. Debe ser una exportación de Parley, ChatGPT (el archivo comprimido o conversations.json) u Open WebUI.",
    busy: "El servidor está leyendo otros archivos. Inténtalo de nuevo en unos segundos.",
    brokenOff: "No funcionó en este momento. Inténtalo de nuevo: lo ya importado no se importa dos veces.",
  },
  zh: {
    exportNote: "所有对话以及服务器保存的关于你的其他内容，合为一个文件。",
    exportAll: "导出全部",
    exportBusy: "正在写入其他存档，请几秒后再试。",
    importNote:
      "把对话带到这里：Parley、ChatGPT 或 Open WebUI 的导出文件。选择文件（.zip 或 .json），或将其拖到此处。",
    importFile: "导入…",
    sending: (share) => `正在发送文件：${share}`,
    reading: "服务器正在读取文件…",
    imported: (count) => `已导入：${count}。`,
    unchanged: (count) => `已存在：${count}。`,
    prompts: (count) => `已保存的提示词：${count}。`,
    refused: (count) => `未接受：${count}。`,
    notes: "被省略或更改的内容",
    wholeFile: "文件",
    tooLarge: "此文件超出服务器接受的大小。",
    notUnderstood:
      "在此文件中没有找到对话。它应是 Parley、ChatGPT（压缩包或 conversations.json）或 Open WebUI 的导出文件。",
    busy: "服务器正在读取其他文件，请几秒后再试。",
    brokenOff: "刚才没有成功，请再试一次：已导入的内容不会重复导入。",
  },
};
