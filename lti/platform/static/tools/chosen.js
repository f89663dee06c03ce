// On to the preview, in the whole page: from the frame the page around it goes, a window goes itself.

window.parent.location.assign(document.querySelector("[data-chosen]").href);
