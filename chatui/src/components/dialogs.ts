/** Everything that opens above the page, in one piece. */
import ShareDialog from "../share/ShareDialog.svelte";
import UsageDialog from "../usage/UsageDialog.svelte";
import Help from "./Help.svelte";
import Instructions from "./Instructions.svelte";
import Settings from "./Settings.svelte";

export const dialogs = {
  help: Help,
  settings: Settings,
  instructions: Instructions,
  share: ShareDialog,
  usage: UsageDialog,
};
