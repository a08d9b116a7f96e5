/** What the page says of saved prompts, in its four languages: read only when it is needed. */
import type { Language } from "../settings.svelte";

const en = {
  title: "Saved prompts",
  note: "Texts that you ask with again and again. Type / in an empty message to choose one.",
  name: "Name",
  text: "What it says",
  add: "New saved prompt",
  edit: "Edit",
  editOne: (title: string) => `Edit “${title}”`,
  delete: "Delete",
  deleteOne: (title: string) => `Delete “${title}”`,
  deleteSure: "Delete it for good",
  save: "Save",
  cancel: "Cancel",
  couldNot:
    "That did not work just now. Please try again; if there are very many saved prompts, delete some first.",
  found: (count: string) => `Saved prompts: ${count}`,
};

export type PromptTexts = typeof en;

export const TEXTS: Record<Language, PromptTexts> = {
  en,
  de: {
    title: "Gespeicherte Prompts",
    note: "Texte, mit denen du immer wieder fragst. Tippe / in eine leere Nachricht, um einen auszuwählen.",
    name: "Bezeichnung",
    text: "Was darin steht",
    add: "Neuer gespeicherter Prompt",
    edit: "Bearbeiten",
    editOne: (title) => `„${title}“ bearbeiten`,
    delete: "Löschen",
    deleteOne: (title) => `„${title}“ löschen`,
    deleteSure: "Endgültig löschen",
    save: "Speichern",
    cancel: "Abbrechen",
    couldNot:
      "Das ging gerade nicht. Bitte versuche es noch einmal; wenn es sehr viele gespeicherte Prompts gibt, lösche zuerst einige.",
    found: (count) => `Gespeicherte Prompts zur Auswahl: ${count}`,
  },
  es: {
    title: "Prompts guardados",
    note: "Textos con los que preguntas una y otra vez. Escribe / en un mensaje vacío para elegir uno.",
    name: "Nombre",
    text: "Lo que dice",
    add: "Nuevo prompt guardado",
    edit: "Editar",
    editOne: (title) => `Editar «${title}»`,
    delete: "Eliminar",
    deleteOne: (title) => `Eliminar «${title}»`,
    deleteSure: "Eliminar definitivamente",
    save: "Guardar",
    cancel: "Cancelar",
    couldNot:
      "No funcionó en este momento. Inténtalo de nuevo; si hay muchísimos prompts guardados, elimina antes algunos.",
    found: (count) => `Prompts guardados: ${count}`,
  },
  zh: {
    title: "已保存的提示词",
    note: "您经常用来提问的文字。在空消息中输入 / 即可选用。",
    name: "名称",
    text: "内容",
    add: "新建提示词",
    edit: "编辑",
    editOne: (title) => `编辑“${title}”`,
    delete: "删除",
    deleteOne: (title) => `删除“${title}”`,
    deleteSure: "永久删除",
    save: "保存",
    cancel: "取消",
    couldNot: "刚才没有成功，请再试一次；如果已保存的提示词太多，请先删除一些。",
    found: (count) => `已保存的提示词：${count}`,
  },
};
