/** Everything as a file, and conversations from files. */
import { describe, expect, test } from "vitest";
import { until, useChat } from "./chat";

const chat = useChat();

const json = { name: "conversations.json", mimeType: "", buffer: Buffer.from("[{}]") };
const archive = {
  name: "parley.zip",
  mimeType: "application/x-zip-compressed",
  buffer: Buffer.from("PK\u0003\u0004"),
};

const status = () => chat.page.getByTestId("import-status").innerText();

async function choose(file: typeof json): Promise<void> {
  if ((await chat.page.getByTestId("settings-dialog").count()) === 0) {
    await chat.page.getByTestId("settings").click();
  }
  await chat.page.getByTestId("import-file").setInputFiles(file);
}

describe("files", () => {
  test("everything is saved as one file", async () => {
    await chat.page.getByTestId("settings").click();
    const download = chat.page.waitForEvent("download");
    await chat.page.getByTestId("export-all").click();
    expect((await download).url()).toMatch(/\/api\/export$/);
    expect((await download).suggestedFilename()).toBe("parley-2026-01-02.zip");
  });

  test("an archive that is refused says why, and can be asked for again", async () => {
    chat.server.world.exportStatus = 429;
    await chat.page.getByTestId("settings").click();
    await chat.page.getByTestId("export-all").press("Enter");
    const told = chat.page.getByTestId("export-status");
    await expect.poll(() => told.innerText()).toContain("Other archives are being written");
    chat.server.world.exportStatus = 500;
    await chat.page.getByTestId("export-all").press("Enter");
    await expect.poll(() => told.innerText()).toContain("did not work");
    chat.server.world.exportStatus = 200;
    const download = chat.page.waitForEvent("download");
    await chat.page.getByTestId("export-all").press("Enter");
    expect((await download).suggestedFilename()).toBe("parley-2026-01-02.zip");
    await expect.poll(() => told.innerText()).toBe("");
  });

  test.each([
    [json, "application/json"],
    [archive, "application/zip"],
  ])("what a file is does not depend on what the browser takes it for ($name)", async (file, type) => {
    await choose(file);
    await expect.poll(status).toBe("Imported: 2.");
    expect(chat.server.world.imports).toEqual([{ type, bytes: file.buffer.length }]);
  });

  test("what became of it is told, and what was left out", async () => {
    chat.server.world.importAnswer = {
      status: 200,
      imported: 1200,
      unchanged: 3,
      messages: 9,
      refused: 1,
      notes: [
        { conversation: "<b>Whales</b>", what: "an image", count: 2 },
        { conversation: "", what: "something that is no conversation", count: 1 },
      ],
    };
    await choose(json);
    await expect.poll(status).toBe("Imported: 1,200. Already here: 3. Not taken: 1.");
    await chat.page.getByTestId("import-notes").locator("summary").click();
    expect(await chat.page.getByTestId("import-notes").locator("li").allInnerTexts()).toEqual([
      "<b>Whales</b>: an image (2 ×)",
      "The file: something that is no conversation",
    ]);
    chat.server.world.importAnswer = { status: 200, imported: 0, unchanged: 1204, refused: 0, notes: [] };
    await choose(json);
    await expect.poll(status).toBe("Imported: 0. Already here: 1,204.");
    await chat.page.getByTestId("import-notes").waitFor({ state: "detached" });
  });

  test("what was left out is told in the person's language", async () => {
    chat.server.world.importAnswer = {
      status: 200,
      imported: 1,
      unchanged: 0,
      refused: 0,
      notes: [
        { conversation: "Wale", what: "an image", code: "image", count: 2 },
        { conversation: "", what: "a thing to come", code: "to_come", count: 1 },
      ],
    };
    await chat.page.getByTestId("settings").click();
    await chat.page.getByTestId("language").selectOption("de");
    await choose(json);
    await chat.page.getByTestId("import-notes").locator("summary").click();
    const notes = chat.page.getByTestId("import-notes").locator("li");
    expect(await notes.allInnerTexts()).toEqual(["Wale: ein Bild (2 ×)", "Die Datei: a thing to come"]);
    expect(
      await notes.locator("span").evaluateAll((all) => all.map((one) => one.getAttribute("lang"))),
    ).toEqual(["de", "en"]);
  });

  test.each([
    [400, /No conversation was found/],
    [413, /larger than the server takes/],
    [429, /other files just now/],
    [503, /is not imported twice/],
  ])(
    "a file that the server refuses with %i is told of in words, and can be chosen again",
    async (code, words) => {
      chat.server.world.importAnswer = { status: code, code: "x", retryable: false };
      await choose(json);
      await expect.poll(status).toMatch(words);
      chat.server.world.importAnswer = { status: 200, imported: 1, unchanged: 0, refused: 0, notes: [] };
      await choose(json);
      await expect.poll(status).toBe("Imported: 1.");
    },
  );

  test("a file can be dropped", async () => {
    await chat.page.getByTestId("settings").click();
    const area = chat.page.getByTestId("import-area");
    const dropped = await chat.page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(["[{}]"], "conversations.json"));
      return data;
    });
    await area.dispatchEvent("dragover", { dataTransfer: dropped });
    await area.dispatchEvent("drop", { dataTransfer: dropped });
    await expect.poll(status).toBe("Imported: 2.");
  });

  test("a file is chosen without a mouse", async () => {
    await chat.page.getByTestId("settings").click();
    const button = chat.page.getByTestId("import");
    const chooser = chat.page.waitForEvent("filechooser");
    await button.press("Enter");
    await (await chooser).setFiles(json);
    await until(() => chat.server.world.imports.length === 1);
  });

  test("the server stays away: the page says so", async () => {
    await chat.page.getByTestId("settings").click();
    await chat.page.getByTestId("import").waitFor();
    chat.server.world.refusing = true;
    await chat.page.getByTestId("import-file").setInputFiles(json);
    await expect.poll(status).toMatch(/is not imported twice/);
  });
});
